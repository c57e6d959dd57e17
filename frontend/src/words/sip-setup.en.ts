/** English: the page that reveals once what a phone signs in with. The names in “ ” are those of the programs. */

const programs: Readonly<Record<string, { readonly about: string; readonly steps: readonly string[] }>> = {
  zoiper: {
    about: 'Zoiper 5, on a computer or a mobile. The free mobile version does not ring reliably while it is in the background.',
    steps: [
      'Start Zoiper. It asks for an account by itself; otherwise open “Settings”, “Accounts” and add one.',
      'Enter the address and the password, then go on.',
      'Enter the domain as “Hostname or provider”, then go on.',
      'Tick “Authentication and outbound proxy” and enter these.',
      'Zoiper tries “SIP TLS”, “SIP TCP”, “SIP UDP” and “IAX”. Choose “SIP UDP”; if it was not found, “SIP TCP”.',
      'In the account’s advanced settings enter these, and put G.711 µ-law and a-law first among the audio codecs.',
    ],
  },
  xlite: {
    about: 'X-Lite 4, or Bria on a computer. For Bria Solo, enter the same values in your Bria portal. Its push service keeps them, password included, on the maker’s server.',
    steps: [
      'Open “Softphone”, then “Account Settings”.',
      'Enter these under “Account”.',
      'Tick “Register with domain and receive calls”. Below “Send outbound via” choose “Domain”, unless there is a proxy here.',
      'Under “Transport” choose UDP; under “Topology” leave the firewall traversal on automatic, or enter the STUN server.',
    ],
  },
  linphone: {
    about: 'Linphone reads everything by itself: from the QR code, or from its link.',
    steps: [
      'Best on a fresh Linphone: what it reads replaces its first account.',
      'On a mobile: in Linphone’s assistant choose “Scan QR code” and hold it before this one.',
      'On the device that you are looking at: press the button.',
      'Where Linphone asks for the address of a remote configuration, give it this one.',
      'By hand instead: choose “Third-party SIP account”, and UDP as “Transport”.',
    ],
  },
  microsip: {
    about: 'MicroSIP for Windows. It takes a file, or the fields by hand.',
    steps: [
      'Close MicroSIP. Save the file in the folder %APPDATA%\\MicroSIP, or beside the program where it is portable. A file that is there already is replaced. Start MicroSIP.',
      'By hand instead: open the menu, choose “Add account…” and enter these.',
      'Choose “UDP” as “Transport”, and tick “Allow IP Rewrite”.',
    ],
  },
  desk: {
    about: 'A desk phone, or any other program. The names differ from maker to maker.',
    steps: [
      'Open the phone’s page for its SIP account, or “Line 1”, and enter these.',
      'Then these, where it asks for them.',
      'In the router, switch “SIP ALG” off. Presence, voicemail lights and video stay off.',
    ],
  },
};

export const sipSetupEn = {
  title: 'Set up a phone',
  what: 'This link shows, once, what a softphone or desk phone needs to sign in to the hotline: a user name, a password and a domain.',
  before: 'Have the phone at hand before you go on. After this page is closed, nobody can see the password again: you would need a new link.',
  go: 'Show it now',
  going: 'One moment…',
  none: 'This address is not complete. Open the whole link that you were given.',
  usedTitle: 'This link cannot be used any more',
  used: 'It was used already, its fifteen minutes are over, or a newer one was made. If it was not you who used it, make a new link at once: that changes the password.',
  mine: 'My phones',
  titleOf: (label: string) => `Set up ${label}`,
  once: 'This is shown once. Keep the page open until the phone is signed in.',
  fields: {
    title: 'What the phone signs in with',
    username: 'User name',
    usernameHint: 'All of it, with the digits at its end.',
    auth: 'Authentication user name',
    authHint: 'The same. Some phones ask for it.',
    password: 'Password',
    domain: 'Domain, or SIP server',
    proxy: 'Outbound proxy',
  },
  program: 'Which phone is it?',
  desk: 'Desk phone or another',
  steps: 'Step by step',
  programs,
  empty: 'leave it empty',
  server: (address: string) => `This service is reached at ${address}: enter that as the outbound proxy.`,
  qr: 'QR code for Linphone: the address of a file that it can fetch once.',
  qrUntil: (time: string) => `The QR code and the link hold no password. They work once, until ${time}.`,
  openLinphone: 'Open in Linphone',
  address: 'Address of the configuration',
  file: 'Save microsip.ini',
  fileNote: 'The password is in this file. Delete it where you do not need it.',
  wait: {
    title: 'Is it signed in?',
    waiting: 'Waiting for your phone to sign in…',
    waitingHint: 'This changes by itself, up to half a minute after the phone says that it is registered.',
    registered: (device: string) => `Registered: ${device}`,
    registeredHint: 'Calls ring there while you are on duty.',
    slow: 'If the phone does not sign in, look at these, in order:',
    signedOut: 'To see it here when the phone signs in, sign in to the softphone page in another tab of this browser.',
    signIn: 'Sign in, in another tab',
    other: (name: string) => `This phone belongs to ${name}. Under “My phones” they see whether it is signed in.`,
    unread: (why: string) => `It cannot be seen at the moment whether it is signed in. ${why}`,
    ring: 'Now try it',
  },
};
