/** The administrator's pages. */
export { AdminPage, type AdminPageProps } from './admin';
