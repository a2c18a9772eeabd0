// Finds the button of a consent or age gate that may be passed, and remembers it.
// Gives where to click, in CSS pixels of this frame, and what it says; null when there is none.
(gates) => {
    const shown = e => {
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        return box.width > 8 && box.height > 8 && style.visibility !== 'hidden'
            && Number(style.opacity) > 0.05 && style.pointerEvents !== 'none' && !e.disabled;
    };
    const plain = text => (text || '').replace(/[\u2019\u2018]/g, "'").replace(/\s+/g, ' ')
        .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}+]+$/gu, '').toLowerCase();
    const bare = part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const wild = word => new RegExp('^' + word.split('*')
        .map(part => bare(part.replace(/\s+/g, ' ').toLowerCase())).join('.*') + '$', 's');
    const words = gates.words.map(wild);
    // A link to another site is no gate of this one.
    const leaves = e => {
        const link = e.closest('a[href]');
        return link && /^https?:$/.test(link.protocol) && link.host !== location.host;
    };
    const roots = [document];
    const buttons = [];
    for (const root of roots) {
        for (const e of root.querySelectorAll('*')) {
            if (e.shadowRoot && roots.length < 200) roots.push(e.shadowRoot);
            if (buttons.length < 3000 && e.matches('button, a, [role=button], input[type=button], input[type=submit], [onclick]')) {
                buttons.push(e);
            }
        }
    }
    const found = () => {
        for (const selector of gates.selectors) {
            for (const root of roots) {
                let e = null;
                try { e = root.querySelector(selector); } catch (_) { /* No selector of this browser's. */ }
                if (e && shown(e) && !leaves(e)) return e;
            }
        }
        const says = e => plain(e.innerText || e.value || e.getAttribute('aria-label')).slice(0, 120);
        const told = buttons.filter(shown).map(e => [e, says(e)]).filter(([, text]) => text);
        for (const word of words) {
            for (const [e, text] of told) if (word.test(text) && !leaves(e)) return e;
        }
        return null;
    };
    const gate = globalThis.gate = found();
    if (!gate) return null;
    gate.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = gate.getBoundingClientRect();
    const text = (gate.innerText || gate.value || gate.id || gate.localName).trim().slice(0, 120);
    return { text, x: box.left + box.width / 2, y: box.top + box.height / 2 };
}
