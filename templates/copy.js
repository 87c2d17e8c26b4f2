// The button that copies a release as plain text. Without script there is the link to the text; nothing is fetched.
(() => {
  const place = document.querySelector('.copy');
  if (!place || !document.execCommand) return;
  const [button, answer] = [place.querySelector('button'), place.querySelector('[role=status]')];
  const all = (what) => [...document.querySelectorAll(what)];
  const put = (into, mark, first) => {
    const node = document.createTextNode(mark);
    if (first) into.prepend(node); else into.append(node);
    return node;
  };
  // innerText knows no bullets, numbers and addresses: they stand there while it is read.
  const text = () => {
    const marks = all('.summary li, .body li').map((item) => {
      const list = item.parentNode;
      const mark = list.tagName === 'OL' ? `${list.start + [...list.children].indexOf(item)}. ` : '• ';
      return put(item.querySelector(':scope > p:first-child') || item, mark, true);
    });
    for (const link of all('.body a[href^=http]')) if (link.href !== link.textContent) marks.push(put(link, ` (${link.href})`));
    const parts = all('.notice, .reference, h1, .subhead, .summary, .event dl, .body').map((part) => part.innerText.trim());
    for (const mark of marks) mark.remove();
    return parts.join('\n\n').replace(/\u00a0/g, ' ').replace(/\s*↩/g, '').replace(/\n{3,}/g, '\n\n') + '\n';
  };
  // For browsers that give the clipboard to no page without encryption.
  const copied = (words) => {
    const area = document.createElement('textarea');
    area.value = words;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  };
  button.addEventListener('click', async () => {
    const words = text();
    let done = false;
    try {
      await navigator.clipboard.writeText(words);
      done = true;
    } catch {
      done = copied(words);
      button.focus();
    }
    answer.textContent = done ? button.dataset.done : button.dataset.failed;
    setTimeout(() => { answer.textContent = ''; }, 8000);
  });
  place.hidden = false;
})();
