//! The acceptance page: 37 pictures, each hidden in another way, and all of them found.

use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use capture::{Captured, FoundBy};

use crate::site::{data_address, picture};
use crate::{Scene, assert_film_found, not_found};

/// Pictures that come as files: 34 of the 37. The other three are drawn on canvases.
const FILES: [&str; 34] = [
    "101.png", "102.jpg", "103.png", "104.png", "105.png", "106.webp", "107.png", "108.png",
    "109.png", "110.png", "111.png", "112.png", "113.png", "114.png", "117.png", "118.png",
    "119.png", "120.png", "121.png", "122.png", "123.png", "124.gif", "126.png", "127.png",
    "128.png", "129.bmp", "130.png", "131.png", "132.png", "133.png", "134.png", "135.png",
    "136.png", "137.png",
];

/// Width and height of what is drawn: by a script, with another site's picture in it, in a frame
/// of another site.
const DRAWN: [(u32, u32); 3] = [(251, 133), (222, 111), (190, 95)];

pub fn routes() -> Router {
    Router::new()
        .route("/complete", get(|| async { Html(page()) }))
        .route("/controlled", get(|| async { Html(CONTROLLED) }))
        .route("/complete.css", get(|| async {
            ([(CONTENT_TYPE, "text/css")], "#outer{width:200px;height:90px;background:url('/p/111.png')}")
        }))
        .route("/inner/121", get(|| async { Html("<img src=/p/121.png>") }))
        .route("/inner/122", get(|| async {
            Html("<img src=/p/122.png><iframe src='http://c.example/inner/123'></iframe>\
                <canvas id=c width=190 height=95></canvas><script>
                const g = document.getElementById('c').getContext('2d');
                for (let i = 0; i < 300; i++) { g.fillStyle = 'hsl(' + i + ',70%,40%)'; g.fillRect(i * 7 % 190, i * 11 % 95, 9, 5); }
                </script>")
        }))
        .route("/inner/123", get(|| async {
            Html("<div style='height:4000px'></div><img loading=lazy src=/p/123.png>")
        }))
        .route("/inner/126", get(|| async { Html(WORKED) }))
        .route("/worker.js", get(|| async { ([(CONTENT_TYPE, "text/javascript")], WORKER) }))
        .route("/raw/{name}", get(|Path(name): Path<String>| async move {
            ([(CONTENT_TYPE, "application/octet-stream")], picture(&name)).into_response()
        }))
}

/// Videos and fields with the browser's own controls, one of them with a picture of the page's; and
/// a drawing of the page's that looks like a control.
const CONTROLLED: &str = r#"<title>Controlled</title>
    <style>#own::-webkit-media-controls-play-button{background-image:url(/p/141.png)}</style>
    <video controls poster=/p/140.png src=/film.webm></video>
    <video controls muted autoplay loop src=/film.webm></video><video id=own controls></video>
    <div style="color-scheme:dark"><audio controls></audio><video controls src=/film.webm></video></div>
    <input type=date><input type=time><input type=search value=x><select><option>one</select>
    <img src='data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="91" height="91"><path d="M8 5v84l71-47z"/></svg>'>"#;

/// A picture that exists in a service worker only.
const WORKED: &str = "<script>
    navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready);
    navigator.serviceWorker.addEventListener('controllerchange', () => {
        const shown = new Image(); shown.src = '/only-worker/126.png'; document.body.append(shown); });
</script><body>";

const WORKER: &str = "
    self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', e => e.waitUntil(clients.claim()));
    self.addEventListener('fetch', e => {
        if (!e.request.url.includes('/only-worker/')) return;
        e.respondWith(fetch('/raw/126.png').then(r => r.arrayBuffer())
            .then(b => new Response(b, { headers: { 'content-type': 'image/png' } })));
    });";

fn page() -> String {
    let [in_page, in_root] = [data_address("113.png"), data_address("119.png")];
    format!(
        r#"<!doctype html><title>All of them</title><link rel=stylesheet href=/complete.css>
        <style>
        .a{{height:90px;background:url(/p/107.png)}}
        .b::before{{content:'';display:block;height:90px;background:url(/p/108.png)}}
        .c::after{{content:url(/p/109.png)}}
        .d{{display:none;background:url(/p/110.png)}}
        .e{{border:20px solid;border-image:url(/p/134.png) 30}}
        .f{{list-style-image:url(/p/135.png)}}
        .g{{width:90px;height:90px;background:teal;mask-image:url(/p/137.png)}}
        #gate{{position:fixed;inset:0;background:#fffd;z-index:9}}
        </style>
        <div id=gate><p>This site is for grown-ups.</p><button onclick="enter()">Ja, ik ben 18 jaar of ouder</button></div>
        <img src=/p/101.png><img srcset="/p/201.png 1x, /p/105.png 3x">
        <picture><source type=image/webp srcset="/p/202.webp 100w, /p/106.webp 4000w" sizes=90px><img></picture>
        <div class=a></div><div class=b></div><div class=c></div><div class=d></div><div id=outer></div>
        <div class=e></div><ul><li class=f>a line</ul><div class=g></div>
        <video poster=/p/112.png></video><img src="{in_page}"><img id=blob>
        <canvas id=drawn width=251 height=133></canvas><canvas id=mixed width=222 height=111></canvas>
        <div id=open></div><div id=closed></div><div id=hidden></div>
        <iframe src=/inner/121></iframe><iframe src="http://b.example/inner/122" height=400></iframe>
        <iframe srcdoc="<img src=/p/124.gif>"></iframe><iframe src=/inner/126></iframe>
        <svg width=99 height=99><image href=/p/127.png width=90 height=90 /></svg>
        <object data=/p/128.png></object><embed src=/p/129.bmp><input type=image src=/p/130.png>
        <noscript><img src=/p/132.png></noscript><img data-src=/p/133.png>
        <a href=/p/138.png>a larger one</a><a href="http://b.example/p/139.jpg?size=2">another</a><a href=/more.html>more</a>
        <div style="height:200px;overflow:auto"><div style="height:9000px"></div><img loading=lazy src=/p/104.png></div>
        <div style="height:9000px"></div><img loading=lazy src=/p/102.jpg><img id=late>
        <script>
        const $ = id => document.getElementById(id);
        function enter() {{ $('gate').remove(); $('open').insertAdjacentHTML('beforebegin', '<img src=/p/131.png>'); }}
        fetch('/raw/114.png').then(r => r.arrayBuffer())
            .then(b => $('blob').src = URL.createObjectURL(new Blob([b], {{ type: 'image/png' }})));
        const g = $('drawn').getContext('2d');
        for (let i = 0; i < 400; i++) {{ g.fillStyle = 'hsl(' + i + ',80%,50%)'; g.fillRect(i * 7 % 251, i * 13 % 133, 9, 9); }}
        const foreign = new Image();
        foreign.onload = () => $('mixed').getContext('2d').drawImage(foreign, 0, 0, 222, 111);
        foreign.src = 'http://b.example/p/117.png';
        $('open').attachShadow({{ mode: 'open' }}).innerHTML = '<img src=/p/118.png>';
        $('closed').attachShadow({{ mode: 'closed' }}).innerHTML = '<img src="{in_root}">';
        $('hidden').attachShadow({{ mode: 'closed' }}).innerHTML =
            '<p style="display:none;background:url(/p/120.png)">';
        new IntersectionObserver((seen, o) => {{ if (seen[0].isIntersecting) {{
            $('late').src = '/p/103.png'; o.disconnect(); }} }}).observe($('late'));
        setTimeout(() => {{ window.open('/inner/121'); alert('wait'); const i = new Image(); i.src = '/p/136.png';
            document.body.append(i); }}, 100);
        </script>"#
    )
}

#[tokio::test]
async fn thirty_seven_pictures_hidden_in_as_many_ways_are_all_found() {
    let scene = Scene::new();
    let visited = scene.visit("http://localhost/complete").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(
        not_found(&visited, &FILES),
        Vec::<&str>::new(),
        "{:?}",
        visited.missed
    );
    for (width, height) in DRAWN {
        let found = visited.pictures.iter().filter(|picture| {
            picture.found_by == FoundBy::Canvas
                && (picture.width, picture.height) == (Some(width), Some(height))
        });
        assert_eq!(found.count(), 1, "the canvas of {width} by {height}");
    }
    assert!(
        visited.sandboxed && visited.complete,
        "{:?}",
        visited.missed
    );
    assert_eq!(visited.gate.as_deref(), Some("Ja, ik ben 18 jaar of ouder"));
    assert_eq!(visited.remark, None);
}

#[tokio::test]
async fn links_to_pictures_are_listed_and_not_followed() {
    let scene = Scene::new();
    let visited = scene.visit("http://localhost/complete").await;
    let listed = [
        "http://localhost/p/138.png",
        "http://b.example/p/139.jpg?size=2",
    ];
    assert_eq!(visited.links, listed);
    assert_eq!(
        not_found(&visited, &["138.png", "139.jpg"]),
        ["138.png", "139.jpg"]
    );
    let mut plain = Scene::plain();
    plain.settings.deadline = std::time::Duration::from_secs(20);
    assert_eq!(plain.visit("http://localhost/complete").await.links, listed);
}

#[tokio::test]
async fn what_the_browser_draws_on_controls_is_not_the_pages() {
    let visited = Scene::new().visit("http://a.example/controlled").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_film_found(&visited, FoundBy::Page);
    assert_eq!(
        not_found(&visited, &["140.png", "141.png"]),
        Vec::<&str>::new()
    );
    let drawn = visited.pictures.iter();
    let drawn: Vec<_> = drawn.filter(|one| one.found_by == FoundBy::Data).collect();
    assert_eq!(drawn.len(), 1, "{drawn:?}");
    assert_eq!(drawn[0].media_type, "image/svg+xml");
    assert!(drawn[0].bytes.len() < 100, "it is the page's own");
    let all: Vec<_> = visited.pictures.iter().map(|one| &one.address).collect();
    assert_eq!(all.len(), 4, "{all:?}");
}
