/** Español. */
import { adminEs } from './admin.es';
import type { Spoken } from './en';
import { hotlineEs } from './hotline.es';
import { phoneEs } from './phone.es';
import { problemsEs } from './problems.es';
import { signInEs } from './sign-in.es';

const common = {
  product: 'Softphone',
  cancel: 'Cancelar',
  save: 'Guardar',
  close: 'Cerrar',
  retry: 'Intentar de nuevo',
  loading: 'Un momento…',
  language: 'Idioma',
  signOut: 'Cerrar sesión',
  fault: 'Algo salió mal. Inténtalo de nuevo.',
  unreachable: 'No se puede contactar con el servidor. Revisa tu conexión e inténtalo de nuevo.',
};

export const spoken: Spoken = {
  name: 'Español',
  words: { common, phone: phoneEs, hotline: hotlineEs, signIn: signInEs, admin: adminEs, problems: problemsEs },
};
