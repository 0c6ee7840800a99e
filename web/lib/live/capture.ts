/** Why the camera or microphone cannot be had. `insecure`: the browser gives them to pages over TLS or on this machine only. */
export type CaptureFault = 'insecure' | 'unsupported' | 'refused' | 'missing' | 'busy' | 'failed';

/** Thrown instead of what browsers throw; `fault` picks the words. */
export class CaptureError extends Error {
  readonly fault: CaptureFault;

  constructor(fault: CaptureFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

export interface CaptureChoice {
  cameraId?: string;
  microphoneId?: string;
}

export interface CaptureDevices {
  cameras: { id: string; label: string }[];
  microphones: { id: string; label: string }[];
}

/** A class is a face and some hands: 720p is enough and goes up a village's line. */
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/** What keeps this page from asking for a camera at all, if anything. */
export function captureObstacle(): 'insecure' | 'unsupported' | null {
  if (typeof window !== 'undefined' && !window.isSecureContext) return 'insecure';
  if (typeof navigator.mediaDevices?.getUserMedia !== 'function') return 'unsupported';
  return typeof RTCPeerConnection === 'undefined' ? 'unsupported' : null;
}

/** Opens the chosen camera and microphone, or the usual ones; one alone where `only` says so. Throws {@link CaptureError}. */
export async function openCapture(
  choice: CaptureChoice,
  only?: 'camera' | 'microphone',
): Promise<MediaStream> {
  const obstacle = captureObstacle();
  if (obstacle) throw new CaptureError(obstacle);
  const exactly = (id: string | undefined) => (id ? { deviceId: { exact: id } } : {});
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: only !== 'microphone' && { ...PICTURE, ...exactly(choice.cameraId) },
      audio: only !== 'camera' && { ...SOUND, ...exactly(choice.microphoneId) },
    });
  } catch (error) {
    // A device that was chosen earlier is unplugged: the usual ones serve.
    if (isNamed(error, 'OverconstrainedError') && (choice.cameraId || choice.microphoneId))
      return openCapture({}, only);
    throw new CaptureError(faultOf(error), error);
  }
}

/** Writing stays readable, and a village's line is not filled with a desk's 4K. */
const SCREEN_PICTURE = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 30 } };
/** What is played is music or a film: it is sent as it is. */
const SCREEN_SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** True where this browser can share its screen; phones cannot. */
export function canShareScreen(): boolean {
  return typeof navigator !== 'undefined' && typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** Lets the person choose a screen, window or tab, with its sound where the system gives it. Undefined: they chose none. */
export async function openScreen(): Promise<MediaStream | undefined> {
  try {
    const wishes = { systemAudio: 'include', surfaceSwitching: 'include', selfBrowserSurface: 'exclude' };
    return await navigator.mediaDevices.getDisplayMedia({
      video: SCREEN_PICTURE,
      audio: SCREEN_SOUND,
      ...wishes,
    });
  } catch (error) {
    if (isNamed(error, 'NotAllowedError', 'AbortError')) return undefined;
    throw new CaptureError(faultOf(error), error);
  }
}

/** Names are told only after permission was given. */
export async function listDevices(): Promise<CaptureDevices> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind) =>
    devices
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { cameras: of('videoinput'), microphones: of('audioinput') };
}

function faultOf(error: unknown): CaptureFault {
  if (isNamed(error, 'NotAllowedError', 'SecurityError', 'PermissionDeniedError')) return 'refused';
  if (isNamed(error, 'NotFoundError', 'DevicesNotFoundError', 'OverconstrainedError')) return 'missing';
  if (isNamed(error, 'NotReadableError', 'TrackStartError', 'AbortError')) return 'busy';
  return 'failed';
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
