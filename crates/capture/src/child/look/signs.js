// The signs by which a page is told to be a login page, a captcha, a paywall or an empty place.
(() => {
    const shown = e => {
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        return box.width > 8 && box.height > 8 && style.visibility !== 'hidden' && Number(style.opacity) > 0.05;
    };
    const all = (selector, most = 500) => Array.from(document.querySelectorAll(selector)).slice(0, most);
    const text = document.body ? document.body.innerText : '';
    const lines = text.slice(0, 40000).split('\n').map(line => line.trim()).filter(Boolean);
    const captcha = 'iframe[src*="captcha" i], iframe[src*="challenges.cloudflare.com" i], '
        + '.g-recaptcha, .h-captcha, .cf-turnstile';
    // The invisible kind stands on many pages and holds nobody up.
    const held = e => !e.closest('.grecaptcha-badge, [data-size=invisible]') && !/size=invisible/.test(e.src || '');
    const large = e => Math.min(e.clientWidth, e.clientHeight) >= 150;
    return {
        title: document.title.slice(0, 300),
        lines: lines.slice(0, 200).map(line => line.slice(0, 300)),
        letters: text.length,
        passwords: all('input[type=password]').filter(shown).length,
        captchas: all(captcha).filter(e => shown(e) && held(e)).length,
        pictures: all('img, video, canvas').filter(e => shown(e) && large(e)).length,
    };
})()
