import type { ErrorCode } from '../errors.ts';
import type { Locale } from './environment.ts';

/** What a refusal says to the person who reads it: what happened and, where there is something, what to do. `{name}` is filled from params. */
export const SENTENCES: Record<ErrorCode, Record<Locale, string>> = {
  'input.invalid': {
    'zh-CN': '有内容填得不对，请按提示修改后再提交。',
    en: 'Something is not filled in correctly. Mend it as marked and submit again.',
  },
  'input.malformed': {
    'zh-CN': '提交的内容无法识别，请刷新页面重试。',
    en: 'The request could not be read. Reload the page and try again.',
  },
  'input.too-large': {
    'zh-CN': '提交的内容太大，请删减后再提交。',
    en: 'This is too much to send at once. Shorten it and submit again.',
  },
  'input.media-type': {
    'zh-CN': '提交的内容格式不对（Content-Type）。',
    en: 'This is not the kind of content that is expected here (Content-Type).',
  },
  'precondition.required': {
    'zh-CN': '请求缺少 If-Match。',
    en: 'The request lacks If-Match.',
  },
  'precondition.failed': {
    'zh-CN': '情况已经变化，请按最新的状态重试。',
    en: 'Things have changed meanwhile. Try again with the present state.',
  },
  'auth.required': { 'zh-CN': '请先登录。', en: 'Please sign in first.' },
  'auth.wrong': {
    'zh-CN': '用户名、手机号或密码不对。',
    en: 'The username, phone number or password is wrong.',
  },
  'auth.wrong-current': {
    'zh-CN': '现在的密码不对，没有修改。',
    en: 'The present password is wrong. Nothing was changed.',
  },
  'auth.expired': {
    'zh-CN': '登录已过期，请重新登录。',
    en: 'Your sign-in has expired. Please sign in again.',
  },
  'auth.code-invalid': {
    'zh-CN': '验证码不对，或已用过、已过期。请让站点或讲师重新开一个。',
    en: 'The code is wrong, used or expired. Ask your station or trainer for a new one.',
  },
  'setup.link-invalid': {
    'zh-CN': '这个链接已用过或已失效。请重新启动服务，从控制台取新的链接。',
    en: 'This link was used or is no longer valid. Start the hub again and take the new link from its console.',
  },
  'access.denied': {
    'zh-CN': '您没有这项权限，或不在您负责的地区。',
    en: 'You do not have this permission, or it lies outside your region.',
  },
  'access.origin': {
    'zh-CN': '这个请求不是从本站页面发出的，已拒绝。',
    en: 'This request did not come from our own pages and was refused.',
  },
  'not-found': {
    'zh-CN': '没有找到，可能已被移走，或地址不对。',
    en: 'Not found. It may have moved, or the address is wrong.',
  },
  'method-not-allowed': {
    'zh-CN': '这个地址不支持这种操作。',
    en: 'This address does not support that operation.',
  },
  conflict: {
    'zh-CN': '刚才有人改过，请刷新后再试。',
    en: 'Someone changed this a moment ago. Reload and try again.',
  },
  'username.taken': {
    'zh-CN': '这个用户名已有人用，请换一个。',
    en: 'This username is taken. Choose another.',
  },
  'phone.taken': {
    'zh-CN': '这个手机号已注册，请直接登录或找回密码。',
    en: 'This phone number is registered. Sign in or recover your password.',
  },
  'region.exists': { 'zh-CN': '这个区划代码已登记。', en: 'This region code is already registered.' },
  'person.duplicate': {
    'zh-CN': '这个身份证号已登记在另一人名下，请核对。',
    en: 'This ID number is registered for another person. Please check.',
  },
  'person.verified': {
    'zh-CN': '这个人已经核验过。',
    en: 'This person has been verified already.',
  },
  'person.merged': {
    'zh-CN': '其中一人已经和别人合并过。请先撤销那次合并，或反过来合并。',
    en: 'One of the two is part of another merge. Undo that first, or merge the other way round.',
  },
  'person.not-merged': { 'zh-CN': '这个人没有被合并。', en: 'This person is not merged.' },
  'person.without-account': {
    'zh-CN': '这个人没有账号，不需要找回密码。',
    en: 'This person has no account, so there is no password to recover.',
  },
  'token.too-many': {
    'zh-CN': '有效的令牌太多，请先作废不再使用的。',
    en: 'There are too many access tokens. End those no longer in use first.',
  },
  'grant.exists': {
    'zh-CN': '这个账号在这个地区已有这个角色。',
    en: 'This account holds this role for this region already.',
  },
  'grant.last': {
    'zh-CN': '这是最后一个全站管理员，不能撤销。请先任命另一位。',
    en: 'This is the last administrator of the whole hub. Appoint another one first.',
  },
  'enrolment.closed': { 'zh-CN': '这一期没有开放报名。', en: 'Enrolment for this run is not open.' },
  'enrolment.full': {
    'zh-CN': '这一期已报满（{capacity} 人）。',
    en: 'This run is full ({capacity} places).',
  },
  'enrolment.too-few-places': {
    'zh-CN': '名单上有 {wanted} 人要报名，只剩 {free} 个名额。请减少人数，或请老师增加名额。',
    en: 'The list has {wanted} people to enrol and {free} places are left. Shorten the list or have the capacity raised.',
  },
  'enrolment.exists': { 'zh-CN': '您已报过这一期。', en: 'You are already enrolled in this run.' },
  'enrolment.attended': {
    'zh-CN': '您已上过这一期的课，不能再取消报名。',
    en: 'You have attended this run already, so the enrolment stands.',
  },
  'sign-in.code-invalid': {
    'zh-CN': '签到码或数字不对。请看着屏幕再扫一次，或输入现在显示的数字。',
    en: 'That code or number is not right. Scan the screen again, or type the number it shows now.',
  },
  'sign-in.not-open': { 'zh-CN': '还没到时间。', en: 'It is not time yet.' },
  'sign-in.closed': { 'zh-CN': '时间已过，签不了了。请找老师。', en: 'The time is over. Ask the trainer.' },
  'sign-in.too-late': {
    'zh-CN': '这个签到码过期太久了。请找老师补签。',
    en: 'This code is too old. Ask the trainer to mark you.',
  },
  'sign-in.not-enrolled': { 'zh-CN': '您没有报名这一期。', en: 'You are not enrolled in this run.' },
  'sign-in.not-signed-in': { 'zh-CN': '还没有签到，不能签退。', en: 'Sign in first, then out.' },
  'sign-in.nobody': {
    'zh-CN': '没有找到这个姓名和手机号的学员。请核对，或找老师帮忙。',
    en: 'No trainee has this name and phone. Check them, or ask the trainer.',
  },
  'spreadsheet.not-a-spreadsheet': {
    'zh-CN': '这不是表格文件。请选择 xlsx 或 CSV 文件。',
    en: 'This file is no spreadsheet. Choose an xlsx or CSV file.',
  },
  'spreadsheet.other-format': {
    'zh-CN': '这是旧格式的表格。请在 Excel 或 WPS 里“另存为” xlsx 后再上传。',
    en: 'This spreadsheet is in an older format. Save it as xlsx and send it again.',
  },
  'spreadsheet.encrypted': {
    'zh-CN': '文件有密码，读不了。请在 Excel 或 WPS 里去掉密码后再上传。',
    en: 'The file has a password and cannot be read. Remove the password and send it again.',
  },
  'spreadsheet.macros': {
    'zh-CN': '文件里带有宏（程序），不能接收。请“另存为”不带宏的 xlsx 后再上传。',
    en: 'The file carries macros and is not accepted. Save it as xlsx without macros and send it again.',
  },
  'spreadsheet.too-large': {
    'zh-CN': '文件太大。最大 16 MB，请拆成几个文件，或删掉不用的工作表和图片。',
    en: 'The file is too large. At most 16 MB: split it, or remove sheets and pictures that are not needed.',
  },
  'spreadsheet.too-many-rows': {
    'zh-CN': '行数太多。一次最多 5 万行，请拆成几个文件。',
    en: 'There are too many rows. At most 50,000 at once: split the file.',
  },
  'spreadsheet.damaged': {
    'zh-CN': '文件已损坏或没有传完整。请用 Excel 或 WPS 打开看看，重新保存后再上传。',
    en: 'The file is damaged or incomplete. Open it, save it anew and send it again.',
  },
  'spreadsheet.empty': {
    'zh-CN': '表里没有内容（隐藏的工作表不读）。',
    en: 'There is nothing in the table (hidden sheets are not read).',
  },
  'spreadsheet.no-headings': {
    'zh-CN': '没有找到表头。表里要有一行写着：{columns}。可以先下载模板对照。',
    en: 'No headings were found. One row must name the columns: {columns}. The template shows how.',
  },
  'import.done': {
    'zh-CN': '这份名单已经导入，不能再改。',
    en: 'This has been imported and cannot be changed any more.',
  },
  'import.done-before': {
    'zh-CN': '同一个文件已经导入过，没有重复导入。',
    en: 'This very file has been imported before. Nothing was imported again.',
  },
  'import.faulty': {
    'zh-CN': '还有 {count} 处要改，改好后才能导入。什么都没有导入。',
    en: '{count} cells are still wrong. Nothing was imported; mend them first.',
  },
  'survey.answered': {
    'zh-CN': '您已评价过，每期只能评一次。',
    en: 'You have answered already. Each run takes one answer.',
  },
  'survey.not-attended': { 'zh-CN': '上完课才能评价。', en: 'Only those who attended can answer.' },
  'session.linked': {
    'zh-CN': '这节课已关联另一场直播。',
    en: 'This session is linked to another broadcast.',
  },
  'broadcast.ended': { 'zh-CN': '直播已结束。', en: 'The broadcast has ended.' },
  'broadcast.live-elsewhere': {
    'zh-CN': '这场直播正由另一个账号推流。',
    en: 'Another account is live on this broadcast.',
  },
  'broadcast.not-live': { 'zh-CN': '直播还没开始。', en: 'The broadcast is not live yet.' },
  'stage.full': {
    'zh-CN': '台上最多 {most} 个人，请先请一位下台。',
    en: 'There is room for {most} people on stage. Take the floor back from one of them first.',
  },
  'stage.no-hand': {
    'zh-CN': '对方已经把手放下了。',
    en: 'They have lowered their hand meanwhile.',
  },
  'cohost.too-many': {
    'zh-CN': '一场直播最多请 {most} 位搭档。',
    en: 'A broadcast can have {most} co-hosts at most.',
  },
  'recording.none': { 'zh-CN': '没有可以播放的回放。', en: 'There is no replay of it.' },
  'video.too-large': {
    'zh-CN': '视频太大，最大 {maxMegabytes} MB。请压缩或分段后再传。',
    en: 'The video is too large: {maxMegabytes} MB at most. Compress or divide it first.',
  },
  'video.too-many-uploads': {
    'zh-CN': '您有 {most} 个视频还没有传完。请先传完或删掉其中一个。',
    en: 'You have {most} uploads that are not finished. Finish or delete one of them first.',
  },
  'video.too-much-unfinished': {
    'zh-CN': '您没有传完的视频合计最多 {mostMegabytes} MB，还剩 {leftMegabytes} MB。请先传完或删掉其中一个。',
    en: 'Your unfinished uploads may come to {mostMegabytes} MB together; {leftMegabytes} MB are left. Finish or delete one of them first.',
  },
  'video.not-ready': {
    'zh-CN': '视频还没有准备好，请稍后再看。',
    en: 'The video is not ready yet. Please come back later.',
  },
  'video.not-possible': {
    'zh-CN': '视频的状态已变，现在不能这样做。请刷新看看。',
    en: 'The video has moved on, so this is not possible now. Reload to see how it stands.',
  },
  'course.not-published': {
    'zh-CN': '这门课没有可以在线学习的内容，或已下架。',
    en: 'This course has nothing to learn online, or is no longer offered.',
  },
  'course.not-started': {
    'zh-CN': '请先在课程页点“开始学习”。',
    en: 'Begin the course on its page first.',
  },
  'course.prerequisites': {
    'zh-CN': '要先学完：{titles}。',
    en: 'To be completed first: {titles}.',
  },
  'course.adopted': {
    'zh-CN': '您已为这个地区引用过这门课。',
    en: 'You have adopted this course for this region already.',
  },
  'course.newest': {
    'zh-CN': '已经是最新版本。',
    en: 'This is the newest version already.',
  },
  'course-file.damaged': {
    'zh-CN': '这不是完好的课程文件，没有导入任何内容。请重新导出一份。',
    en: 'This is not a sound course file. Nothing was imported: export it again.',
  },
  'course-file.too-large': {
    'zh-CN': '课程文件展开后太大，没有导入。',
    en: 'The course file unpacks to too much. Nothing was imported.',
  },
  'course-file.newer': {
    'zh-CN': '这个课程文件来自更新的版本，请先升级本站。',
    en: 'This course file was written by a newer hub. Update this one first.',
  },
  'course-file.altered': {
    'zh-CN': '课程文件被改动过（{path}），没有导入。',
    en: 'The course file was altered ({path}). Nothing was imported.',
  },
  'course-file.invalid': {
    'zh-CN': '课程文件里的课程不合要求，没有导入。',
    en: 'The course in this file is not valid. Nothing was imported.',
  },
  'lesson.locked': {
    'zh-CN': '前面的课还没学完，学完才能打开这一课。',
    en: 'The lessons before this one come first.',
  },
  'lesson.too-soon': {
    'zh-CN': '再读 {seconds} 秒就可以了。',
    en: 'Read on: it can be done in {seconds} seconds.',
  },
  'lesson.not-possible': {
    'zh-CN': '这一课不能这样做。',
    en: 'This lesson is not of that kind.',
  },
  'quiz.no-attempt': {
    'zh-CN': '这次答题已经交了，或还没开始。',
    en: 'This attempt is handed in already, or was not begun.',
  },
  'quiz.no-attempts-left': {
    'zh-CN': '答题次数已用完。',
    en: 'There are no attempts left.',
  },
  'task.waiting': {
    'zh-CN': '上一次交的作业还在等老师批改。',
    en: 'The work handed in before is still waiting for its grade.',
  },
  'task.accepted': {
    'zh-CN': '这个作业已经通过，不用再交。',
    en: 'This task is accepted already: nothing more to hand in.',
  },
  'task.graded': {
    'zh-CN': '刚才已有人批改过，请刷新看看。',
    en: 'Someone graded this a moment ago. Reload to see it.',
  },
  'task.own': {
    'zh-CN': '不能批改自己的作业。',
    en: 'Your own work is for someone else to grade.',
  },
  'asset.unsupported': {
    'zh-CN': '课程里不能用这个文件：{name}。可以用 JPEG、PNG、WebP、SVG 图片和 PDF。',
    en: 'A course cannot take this file: {name}. JPEG, PNG, WebP, SVG and PDF are taken.',
  },
  'picture.unsupported': {
    'zh-CN': '这不是能用的照片。请用 JPEG、PNG 或 WebP 格式。',
    en: 'This is not a picture that can be used. JPEG, PNG and WebP are.',
  },
  'picture.too-large': {
    'zh-CN': '照片太大，请缩小后再传。',
    en: 'The picture is too large. Make it smaller first.',
  },
  'storage.full': {
    'zh-CN': '服务器的存储空间不够，暂时不能上传；已经传上去的部分会留着，有了空间可以接着传。请联系管理员。',
    en: 'The hub is short of disk space and takes no uploads now. What has come is kept, and the upload can go on once there is room. Please tell an administrator.',
  },
  'chat.closed': { 'zh-CN': '直播结束后不能再发言。', en: 'Chat is closed after the broadcast.' },
  'programme.exists': { 'zh-CN': '这个项目已建立。', en: 'This programme exists already.' },
  'rate.limited': {
    'zh-CN': '试得太频繁，请 {retryAfterSeconds} 秒后再来。',
    en: 'Too many attempts. Try again in {retryAfterSeconds} seconds.',
  },
  'media.unavailable': {
    'zh-CN': '直播服务暂时不可用，请稍后再试。',
    en: 'The media service is unavailable. Please try again shortly.',
  },
  'media.unsupported': {
    'zh-CN': '不支持这种视频或声音格式。',
    en: 'This video or audio format is not supported.',
  },
  'media.full': {
    'zh-CN': '实时观看的人已满，改用稍慢几秒的播放方式。',
    en: 'No more places for instant viewing: playing a few seconds later instead.',
  },
  'sdp.malformed': {
    'zh-CN': '推流软件发来的会话描述（SDP）无法识别。',
    en: 'The session description (SDP) of the encoder could not be read.',
  },
  'sdp.unacceptable': {
    'zh-CN': '这个软件提出的连接方式这里接不了，请升级或换一个试试。给技术人员看的原因附在答复里。',
    en: 'The way this software wants to connect is not supported here. Update it or try another; the reason is in the answer, for a technician.',
  },
  'sdp.codecs': {
    'zh-CN': '这种编码格式这里接不了：视频请用 H.264 或 VP8，声音用 Opus。',
    en: 'These codecs are not supported here: use H.264 or VP8 for the picture and Opus for the sound.',
  },
  'server.busy': {
    'zh-CN': '现在传文件的人太多，请稍后再试。',
    en: 'Too many files are being sent just now. Please try again shortly.',
  },
  'database.busy': { 'zh-CN': '系统正忙，请稍后再试。', en: 'The system is busy. Please try again shortly.' },
  'server.failed': {
    'zh-CN': '系统出了问题，已记录。请稍后再试。',
    en: 'Something went wrong on our side and was recorded. Please try again.',
  },
};

/** The sentence of a code in the reader's language, its figures filled in. */
export function sentenceFor(
  code: ErrorCode,
  locale: Locale,
  params: Record<string, string | number>,
): string {
  return SENTENCES[code][locale].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(params[name] ?? whole),
  );
}
