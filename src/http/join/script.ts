/**
 * The join page's script. The token never leaves the fragment and the bodies of requests; whatever
 * the server says is shown as text.
 */
export const joinScript = `'use strict';
(() => {
  const element = (id) => document.getElementById(id);
  const show = (id, text) => { element(id).textContent = text; };
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  const signInFirst = 'Sign in to your account first, then open this link again.';
  const messages = {
    not_signed_in: signInFirst,
    invitation_unusable: 'This invitation cannot be used any more. Ask for a new one.',
    email_not_verified: 'Verify the email address of your account first, then open this link again.',
    already_a_member: 'You already are a member of this organization.',
    member_disabled: 'Your access to this organization was disabled. Contact support.',
    member_limit_reached: 'This organization has no free seat. Ask its administrator.',
  };

  async function call(verb) {
    const response = await fetch('api/invitations/' + verb, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    const body = response.status === 204 ? {} : await response.json();
    if (!response.ok) throw body;
    return body;
  }

  function explain({ code, expectedAddress }) {
    if (code === 'wrong_account') {
      return 'This invitation is for ' + expectedAddress + '. Sign in with that account, then open this link again.';
    }
    return messages[code] ?? 'That did not work. Please try again.';
  }

  async function attempt(verb, done) {
    const buttons = [...document.querySelectorAll('button')];
    for (const button of buttons) button.disabled = true;
    show('state', 'One moment…');
    try {
      done(await call(verb));
    } catch (problem) {
      show('state', explain(problem));
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  function finish(text) {
    element('choice').hidden = true;
    show('note', '');
    show('offer', '');
    show('state', text);
  }

  attempt('preview', ({ organizationName, role, maskedAddress, expiresAt }) => {
    const part = role === 'admin' ? 'an administrator' : 'a member';
    const until = new Date(expiresAt).toLocaleString([], { dateStyle: 'long', timeStyle: 'short' });
    document.title = 'Invitation to ' + organizationName;
    show('offer', 'You are invited to ' + organizationName + ' as ' + part + '.');
    show('note', 'For ' + maskedAddress + ', until ' + until + '.');
    show('state', '');
    element('choice').hidden = false;
    element('accept').onclick = () =>
      attempt('accept', () => finish('Welcome! You are now ' + part + ' of ' + organizationName + '.'));
    element('decline').onclick = () =>
      attempt('decline', () => finish('You declined the invitation to ' + organizationName + '.'));
  });
  addEventListener('hashchange', () => location.reload());
})();
`;
