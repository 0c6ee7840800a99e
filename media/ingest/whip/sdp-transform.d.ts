/** The parts of sdp-transform 3 that are used. What looks like a whole number is handed over as one, wherever it stands. */
declare module 'sdp-transform' {
  type Value = string | number;

  export interface ParsedFingerprint {
    type: Value;
    hash?: Value;
  }

  export interface ParsedIce {
    iceUfrag?: Value;
    icePwd?: Value;
    fingerprint?: ParsedFingerprint;
    setup?: Value;
  }

  export interface ParsedMedia extends ParsedIce {
    type?: Value;
    port?: Value;
    protocol?: Value;
    payloads?: Value;
    mid?: Value;
    direction?: string;
    rtcpMux?: string;
    bundleOnly?: string;
    rtp: { payload?: Value; codec?: Value; rate?: Value; encoding?: Value }[];
    fmtp: { payload?: Value; config?: Value }[];
    rtcpFb?: { payload?: Value; type?: Value; subtype?: Value }[];
    ext?: { value?: Value; direction?: Value; uri?: Value; 'encrypt-uri'?: Value }[];
    ssrcs?: { id?: Value; attribute?: Value; value?: Value }[];
    ssrcGroups?: { semantics?: Value; ssrcs?: Value }[];
    rids?: { id?: Value; direction?: Value; params?: Value }[];
    simulcast?: { dir1?: Value; list1?: Value; dir2?: Value; list2?: Value };
    candidates?: { foundation?: Value; ip?: Value; port?: Value }[];
  }

  export interface ParsedSession extends ParsedIce {
    version?: Value;
    groups?: { type?: Value; mids?: Value }[];
    media: ParsedMedia[];
  }

  const sdp: {
    /** Never throws on text: lines it does not understand are left out. */
    parse(text: string): ParsedSession;
    /** `a=1;b` as an object; a parameter without a value is undefined. */
    parseParams(text: string): Record<string, Value | undefined>;
  };
  export default sdp;
}
