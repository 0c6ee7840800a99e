type AppleVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };
type AppleElement = HTMLElement & { webkitRequestFullscreen?: () => void };
type AppleDocument = Document & {
  webkitExitFullscreen?: () => void;
  webkitFullscreenElement?: Element | null;
};

/** `stage`: with our own controls; `video`: iPhones fill the screen with the picture only; null: not to be had. */
export function fullScreenKind(stage: HTMLElement, video: HTMLVideoElement): 'stage' | 'video' | null {
  const apple = stage as AppleElement;
  if (typeof stage.requestFullscreen === 'function' || apple.webkitRequestFullscreen) return 'stage';
  return (video as AppleVideo).webkitEnterFullscreen ? 'video' : null;
}

export function isFullScreen(): boolean {
  return (document.fullscreenElement ?? (document as AppleDocument).webkitFullscreenElement ?? null) !== null;
}

export function toggleFullScreen(stage: HTMLElement, video: HTMLVideoElement): void {
  const apple = document as AppleDocument;
  if (isFullScreen()) return void (apple.exitFullscreen?.() ?? apple.webkitExitFullscreen?.());
  if (fullScreenKind(stage, video) === 'video') return (video as AppleVideo).webkitEnterFullscreen?.();
  const element = stage as AppleElement;
  void (element.requestFullscreen?.() ?? element.webkitRequestFullscreen?.());
}

export function canFloat(): boolean {
  return document.pictureInPictureEnabled === true;
}

/** The picture in a small window over other pages, and back. Refused while there is no picture. */
export async function toggleFloating(video: HTMLVideoElement): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video.requestPictureInPicture();
  } catch (error) {
    console.info('The browser did not let the picture float', error);
  }
}
