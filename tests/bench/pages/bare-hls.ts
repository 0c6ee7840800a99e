/** Runs in the browser: hls.js as it comes, on the playlist named in the address. */
import Hls from 'hls.js';

const video = document.querySelector('video')!;
const hls = new Hls({ lowLatencyMode: true });
hls.loadSource(new URLSearchParams(location.search).get('playlist')!);
hls.attachMedia(video);
void video.play();
