/**
 * What RFC 8216bis asks of a low-latency playlist, checked on its text and apart from the code that writes it. Throws
 * a sentence a fault.
 */
export function checkPlaylist(body: string): void {
  const faults: string[] = [];
  const lines = body.split('\n').filter((line) => line !== '');
  const valueOf = (tag: string) =>
    lines.find((line) => line.startsWith(`#${tag}:`))?.slice(tag.length + 2) ?? '';
  const number = (text: string, attribute: string) =>
    Number(new RegExp(`(?:^|,)${attribute}=([\\d.]+)`).exec(text)?.[1]);
  const target = Number(valueOf('EXT-X-TARGETDURATION'));
  const partTarget = number(valueOf('EXT-X-PART-INF'), 'PART-TARGET');
  const ended = lines.includes('#EXT-X-ENDLIST');
  if (lines[0] !== '#EXTM3U') faults.push('it does not begin with EXTM3U');
  if (!ended) {
    const control = valueOf('EXT-X-SERVER-CONTROL');
    if (!control.includes('CAN-BLOCK-RELOAD=YES')) faults.push('no blocking reload');
    if (!(number(control, 'PART-HOLD-BACK') >= partTarget * 2))
      faults.push('PART-HOLD-BACK is below two parts');
    if (!(number(control, 'CAN-SKIP-UNTIL') >= target * 6))
      faults.push('CAN-SKIP-UNTIL is below six targets');
    if (!valueOf('EXT-X-RENDITION-REPORT')) faults.push('no rendition report');
  }
  let parts: { seconds: number; line: string }[] = [];
  let dateTime: number | null = null;
  let hasMap = lines.some((line) => line.startsWith('#EXT-X-SKIP'));
  let expectedTime: number | null = null;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-MAP')) hasMap = true;
    if (line === '#EXT-X-DISCONTINUITY') expectedTime = null;
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) dateTime = Date.parse(line.slice(25));
    if (line.startsWith('#EXT-X-PART:')) parts.push({ seconds: number(line.slice(12), 'DURATION'), line });
    if (!line.startsWith('#EXTINF:')) continue;
    const seconds = Number.parseFloat(line.slice(8));
    if (!hasMap) faults.push('a segment without EXT-X-MAP');
    if (Math.round(seconds) > target) faults.push(`a segment of ${seconds} s is above the target`);
    if (dateTime === null) faults.push('a segment without its date');
    else if (expectedTime !== null && Math.abs(dateTime - expectedTime) > 2)
      faults.push(`the date jumps by ${dateTime - expectedTime} ms without a discontinuity`);
    expectedTime = dateTime === null ? null : dateTime + seconds * 1000;
    const sum = parts.reduce((total, part) => total + part.seconds, 0);
    if (parts.length > 0 && Math.abs(sum - seconds) > 0.01)
      faults.push(`parts sum up to ${sum} of ${seconds} s`);
    checkParts(parts, true);
    [parts, dateTime] = [[], null];
  }
  checkParts(parts, false);
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${body}`);

  function checkParts(all: typeof parts, closed: boolean): void {
    for (const [at, { seconds, line }] of all.entries()) {
      const last = closed && at === all.length - 1;
      if (seconds > partTarget) faults.push(`a part is above the target: ${line}`);
      if (!last && seconds < partTarget * 0.85) faults.push(`a part is below 85 % of the target: ${line}`);
    }
    if (all.length > 0 && !all[0]!.line.includes('INDEPENDENT=YES'))
      faults.push('a segment begins dependent');
  }
}
