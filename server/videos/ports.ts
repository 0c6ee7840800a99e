/** True while any broadcast is on the air: transcoding then gives way where the machine is short. */
export type IsAnythingLive = () => boolean;
