// The demo's page: plain DOM over the JSON API that the manager's handler serves under /org/api.

const byId = (id) => document.getElementById(id);
const notice = byId('notice');

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: method === 'GET' ? {} : { 'content-type': 'application/json' },
    body: method === 'GET' ? undefined : JSON.stringify(body ?? {}),
  });
  const text = await response.text();
  return { ok: response.ok, status: response.status, body: text ? JSON.parse(text) : undefined };
}

const api = (method, path, body) => call(method, `/org/api/${path}`, body);

function say({ ok, body }, done) {
  const [issue] = body?.issues ?? [];
  const reason = issue && `${issue.path} ${issue.message}`;
  notice.textContent = ok ? done : (reason ?? body?.detail ?? body?.title ?? 'That did not work.');
}

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function cell(...children) {
  return element('td', {}, ...children);
}

function button(text, run) {
  return element('button', { type: 'button', textContent: text, onclick: run });
}

// Invitations

function invitationRow(invitation) {
  const { id, address, link, createdAt, delivery, expiresAt } = invitation;
  const shown = `${link.slice(0, 44)}…`;
  const copy = button('Copy', async () => {
    await navigator.clipboard.writeText(link);
    notice.textContent = `Link for ${address} copied.`;
  });
  const act = (verb, done) => async () => {
    say(await api('POST', `invitations/${id}/${verb}`), done);
    await refresh();
  };
  const mail = delivery.state === 'sent' ? 'sent' : `${delivery.state} ${delivery.lastError ?? ''}`;
  const until = `until ${new Date(expiresAt).toLocaleDateString()}`;
  return element(
    'tr',
    {},
    element(
      'td',
      { className: 'link' },
      address,
      element('span', { className: 'sub', textContent: shown }),
      copy,
    ),
    cell('Acme'),
    cell(
      element('time', { dateTime: createdAt, textContent: new Date(createdAt).toLocaleString() }),
      element('span', { className: 'sub', textContent: until }),
    ),
    cell(mail),
    cell(button('Delete Code', act('revoke', `The link for ${address} no longer works.`))),
    cell(button('Resend Email', act('resend', `Email sent to ${address}.`))),
  );
}

byId('invite').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const email = form.email.value;
  const result = await api('POST', 'invitations/invite', { email });
  say(result, `Invited ${email}.`);
  if (result.ok) form.reset();
  form.email.focus();
  await refresh();
});

// Bulk User Invite

const bulk = byId('bulk');
const sendBulk = byId('send-bulk');
const standings = {
  ready: 'ready',
  expired_invitation: 'expired, will be renewed',
  already_invited: 'already invited',
  already_member: 'already a member',
  member_disabled: 'disabled, contact support',
};
let ready = [];

byId('open-bulk').onclick = () => bulk.showModal();

byId('extract').onclick = async () => {
  const { text } = bulk.querySelector('form');
  const result = await api('POST', 'invitations/bulk-extract', { text: text.value });
  if (!result.ok) return say(result, '');
  ready = result.body.ready;
  byId('found').replaceChildren(
    ...result.body.entries.map(({ address, raw, verdict, reason, standing }) =>
      element('li', {
        textContent: `${address ?? raw}: ${standings[standing] ?? [verdict, reason].filter(Boolean).join(', ')}`,
      }),
    ),
  );
  sendBulk.hidden = ready.length === 0;
  sendBulk.textContent =
    ready.length === 1 ? 'Send 1 invitation' : `Send ${ready.length} invitations`;
};

sendBulk.onclick = async () => {
  const result = await api('POST', 'invitations/invite-many', { addresses: ready });
  const sent = (result.ok ? result.body : []).filter(({ outcome }) =>
    /invited|renewed/.test(outcome),
  );
  say(result, `${sent.length} sent.`);
  byId('found').replaceChildren();
  sendBulk.hidden = true;
  bulk.close();
  await refresh();
};

// Members

const limitDialog = byId('limit');
const disableDialog = byId('disable');
for (const dialog of [limitDialog, disableDialog]) {
  dialog.querySelector('[data-close]').onclick = () => dialog.close();
}

const units = (text) => (text.trim() === '' ? null : Number(text));

function setLimit(member) {
  const form = limitDialog.querySelector('form');
  form.daily.value = member.limit.daily ?? '';
  form.monthly.value = member.limit.monthly ?? '';
  form.onsubmit = async (event) => {
    event.preventDefault();
    const limit = { daily: units(form.daily.value), monthly: units(form.monthly.value) };
    say(
      await api('POST', `members/${encodeURIComponent(member.userId)}/set-limit`, limit),
      'Limit set.',
    );
    limitDialog.close();
    await refresh();
  };
  limitDialog.showModal();
}

function disable(member) {
  const form = disableDialog.querySelector('form');
  const confirmed = form.querySelector('.danger');
  byId('disable-address').textContent = member.address;
  form.reset();
  confirmed.disabled = true;
  form.confirm.oninput = () => {
    confirmed.disabled = form.confirm.value.trim().toLowerCase() !== member.address;
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const path = `members/${encodeURIComponent(member.userId)}/disable`;
    const result = await api('POST', path, { keepInvitations: form.keep.checked });
    const { revokedInvitations, keptInvitations } = result.body ?? {};
    const invitations = `invitations revoked: ${revokedInvitations}, kept: ${keptInvitations}`;
    say(result, `${member.address} is disabled; ${invitations}.`);
    disableDialog.close();
    await refresh();
  };
  disableDialog.showModal();
}

function used(units, limit) {
  const over = limit !== null && units >= limit;
  return element('td', {
    className: over ? 'number over' : 'number',
    textContent:
      limit === null ? `${units}` : `${units} of ${limit}${over ? ', limit reached' : ''}`,
  });
}

function memberRow(member) {
  const { userId, address, name, role, status, usage, limit } = member;
  const verb = role === 'admin' ? 'demote' : 'promote';
  const change = async () => {
    say(await api('POST', `members/${encodeURIComponent(userId)}/${verb}`), 'Role changed.');
    await refresh();
  };
  const actions = [
    button('Set Usage Limit', () => setLimit(member)),
    button(role === 'admin' ? 'Make Member' : 'Make Org Admin', change),
    button('Disable User', () => disable(member)),
  ];
  return element(
    'tr',
    {},
    cell(name ?? address, element('span', { className: 'sub', textContent: address })),
    cell(status === 'disabled' ? 'Disabled' : role),
    used(usage.today, limit.daily),
    used(usage.thisMonth, limit.monthly),
    cell(element('div', { className: 'actions' }, ...(status === 'disabled' ? [] : actions))),
  );
}

// Usage

byId('use').onclick = async () => {
  const result = await call('GET', '/search');
  say(result, 'Found 2 results.');
  const answer = byId('answer');
  answer.hidden = false;
  answer.textContent = `HTTP ${result.status}\n${JSON.stringify(result.body, null, 2)}`;
  await refresh();
};

// The whole page

const people = byId('people');
people.onchange = async () => {
  await call('POST', `/sign-in/${people.value}`);
  byId('answer').hidden = true;
  notice.textContent = '';
  await refresh();
};

async function refresh() {
  const everyone = (await call('GET', '/people')).body;
  const chosen = people.value || 'admin';
  people.replaceChildren(
    ...everyone.map(({ userId, label }) =>
      element('option', {
        value: userId,
        textContent: `${userId} (${label})`,
        selected: userId === chosen,
      }),
    ),
  );
  const [invitations, members] = await Promise.all([
    api('GET', 'invitations'),
    api('GET', 'members?status=all'),
  ]);
  byId('invites').hidden = !invitations.ok;
  byId('members').hidden = !members.ok;
  byId('invitation-rows').replaceChildren(...(invitations.body.items ?? []).map(invitationRow));
  byId('member-rows').replaceChildren(...(members.body.items ?? []).map(memberRow));
  const usage = await api('GET', `usage?userId=${people.value}`);
  byId('usage').textContent = usage.ok
    ? usage.body.windows
        .map(
          ({ window, used, limit }) =>
            `This ${window}: ${used}${limit === null ? '' : ` of ${limit}`} units`,
        )
        .join(' · ')
    : (usage.body.detail ?? usage.body.title);
}

await call('POST', '/sign-in/admin');
await refresh();
