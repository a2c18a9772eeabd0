(async () => {
    const some = '<video controls></video><video controls muted></video><audio controls></audio>'
        + ['date', 'time', 'search', 'number'].map(type => `<input type=${type} value=1>`).join('')
        + '<select><option>1</select>';
    document.body.innerHTML = ['light', 'dark']
        .map(scheme => `<div style="color-scheme:${scheme}">${some}</div>`).join('');
    const canvas = document.createElement('canvas');
    const moving = canvas.captureStream();
    canvas.getContext('2d').fillRect(0, 0, 9, 9);
    const starts = [...document.querySelectorAll('video')].map(video => {
        video.addTextTrack('captions');
        video.srcObject = moving;
        return video.muted && video.play();
    });
    await Promise.race([Promise.allSettled(starts), new Promise(late => setTimeout(late, 400))]);
    for (let frames = 0; frames < 2; frames++) await new Promise(drawn => requestAnimationFrame(drawn));
    for (const track of moving.getTracks()) track.stop();
    document.body.innerHTML = '';
})()
