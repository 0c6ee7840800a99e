/** What the browser let us do: phones play no sound before they are touched. */
export type PlayOutcome = 'aloud' | 'muted' | 'refused';

/** Plays, with sound where the browser allows it, else without. */
export async function playAloud(video: HTMLVideoElement, wantsSound: boolean): Promise<PlayOutcome> {
  video.muted = !wantsSound;
  try {
    await video.play();
    return wantsSound ? 'aloud' : 'muted';
  } catch (error) {
    if (!wantsSound) return refused(error);
  }
  video.muted = true;
  try {
    await video.play();
    return 'muted';
  } catch (error) {
    return refused(error);
  }
}

/** `AbortError`: a newer source took its place, and its own play will follow. */
function refused(error: unknown): PlayOutcome {
  if (error instanceof DOMException && error.name === 'AbortError') return 'muted';
  return 'refused';
}
