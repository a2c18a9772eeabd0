// What a tree of elements names and has drawn, seen from a world of our own.
// `root` is a document or a shadow root. Nothing of the page is changed.
(root) => {
    const named = new Set(), films = new Set(), links = new Set(), drawn = [];
    const undrawn = globalThis.undrawn = [];
    const [ELEMENTS, STYLED, NAMED, LINKS] = [40000, 8000, 3000, 500];
    let [room, count] = [20e6, 0];
    const absolute = text => {
        try { return new URL(text, document.baseURI); } catch (_) { return null; }
    };
    const add = (text, to = named) => {
        const address = text && absolute(text);
        if (!address || !/^(https?|data|blob):$/.test(address.protocol) || to.size >= NAMED) return;
        if (address.protocol !== 'data:') address.hash = '';
        room -= address.href.length;
        if (room > 0) to.add(address.href);
    };
    const picture = /\.(jpe?g|png|gif|webp|avif|bmp|tiff?|jxl|heic)$/i;
    const link = text => {
        const address = text && absolute(text);
        if (!address || !/^https?:$/.test(address.protocol) || links.size >= LINKS) return;
        if (picture.test(address.pathname) && address.href.length < 2000) links.add(address.href);
    };
    // The largest candidate: a person with a better screen would have seen that one.
    const largest = text => {
        let [best, most] = [null, -1];
        for (const [, address, size] of (text || '').matchAll(/(\S*[^\s,])(?:\s+([\d.]+)[wx])?[^,]*(?:,|$)/g)) {
            if (Number(size || 1) > most) [best, most] = [address, Number(size || 1)];
        }
        add(best);
    };
    const urls = text => {
        if (!text || !text.includes('url(')) return;
        for (const found of text.matchAll(/url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^"')]*))\s*\)/g)) {
            add((found[1] ?? found[2] ?? found[3]).replace(/\\(.)/g, '$1'));
        }
    };
    const styled = (e, pseudo) => {
        const style = getComputedStyle(e, pseudo);
        if (pseudo && (!style.content || style.content === 'none')) return;
        for (const name of ['backgroundImage', 'borderImageSource', 'listStyleImage', 'maskImage', 'content']) {
            urls(style[name]);
        }
    };
    const canvas = e => {
        if (e.width < 32 || e.height < 32 || e.width * e.height > 40e6 || drawn.length + undrawn.length >= 50) return;
        try {
            const blank = document.createElement('canvas');
            [blank.width, blank.height] = [e.width, e.height];
            const bytes = e.toDataURL('image/png');
            if (bytes !== blank.toDataURL('image/png')) {
                if ((room -= bytes.length) > 0) drawn.push(bytes);
                return;
            }
            // Nothing drawn, or drawn by other means than can be read back.
            if (e.getContext('2d')) return;
        } catch (_) { /* It holds another site's picture: what a person sees of it is kept. */ }
        undrawn.push(e);
    };
    const lazy = e => {
        for (const name of ['data-src', 'data-original', 'data-lazy-src', 'data-lazy']) add(e.getAttribute(name));
        largest(e.getAttribute('data-srcset'));
    };
    const without_scripts = e => {
        const inner = new DOMParser().parseFromString(e.textContent.slice(0, 100000), 'text/html');
        for (const e of inner.querySelectorAll('img')) {
            add(e.getAttribute('src'));
            largest(e.getAttribute('srcset'));
        }
    };
    const one = e => {
        switch (e.localName) {
            case 'img':
                add(e.currentSrc || e.getAttribute('src'));
                largest(e.getAttribute('srcset'));
                lazy(e);
                break;
            case 'source':
                if (e.parentElement?.localName === 'picture') {
                    largest(e.getAttribute('srcset'));
                    lazy(e);
                }
                break;
            case 'video':
                add(e.getAttribute('poster'));
                add(e.currentSrc || e.getAttribute('src') || e.querySelector('source')?.getAttribute('src'), films);
                break;
            case 'input': if (e.type === 'image') add(e.getAttribute('src')); break;
            case 'image': case 'feImage': add(e.getAttribute('href') || e.getAttribute('xlink:href')); break;
            case 'object': case 'embed': {
                const named = e.getAttribute('data') || e.getAttribute('src') || '';
                if (/^image\//.test(e.type || '') || picture.test(named.split(/[?#]/)[0])) add(named);
                break;
            }
            case 'link': if (e.rel === 'preload' && e.as === 'image') add(e.href); break;
            case 'a': case 'area': link(e.getAttribute('href')); break;
            case 'noscript': without_scripts(e); break;
            case 'canvas': canvas(e); break;
        }
        add(e.getAttribute('background'));
        if (e.localName !== 'img' && e.hasAttribute('data-src')) lazy(e);
        if (e.hasAttribute('data-bg')) add(e.getAttribute('data-bg'));
        if (count <= STYLED) for (const pseudo of [null, '::before', '::after']) styled(e, pseudo);
    };
    const walk = root => {
        for (const e of root.querySelectorAll('*')) {
            if (++count > ELEMENTS) return;
            one(e);
            if (e.shadowRoot) walk(e.shadowRoot);
        }
    };
    walk(root);
    return { named: [...named], films: [...films], links: [...links], drawn, undrawn: undrawn.length };
}
