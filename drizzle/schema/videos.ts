import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What the transcoder must know of a video's content, as media/vod found it. */
export interface StoredFacts {
  durationMs: number;
  width: number;
  height: number;
  videoCodec: string;
  audioCodec: string | null;
  frameRate: string;
  copyable: boolean;
}

/**
 * Uploaded videos; also the queue of their checks and transcodings. Files lie under `videos/<id>/` of the media storage:
 * nothing of where is kept here.
 */
export const videos = sqliteTable(
  'videos',
  {
    id: text().primaryKey(),
    title: text().notNull(),
    state: text({
      enum: [
        'uploading',
        'uploaded',
        'checking',
        'queued',
        'transcoding',
        'ready',
        'refused',
        'failed',
        'cancelled',
      ],
    }).notNull(),
    visibility: text({ enum: ['public', 'signed-in', 'owner'] }).notNull(),
    regionCode: text('region_code').notNull(),
    ownerAccountId: text('owner_account_id').notNull(),
    createdAt: text('created_at').notNull(),
    /** When the state last changed. */
    changedAt: text('changed_at').notNull(),
    byteLength: integer('byte_length').notNull(),
    /** The greater is transcoded first. */
    priority: integer().notNull().default(0),
    /** Of the transcoding, in thousandths. */
    progress: integer().notNull().default(0),
    /** The code of the refusal, or of the failure. */
    reason: text(),
    facts: text({ mode: 'json' }).$type<StoredFacts>(),
  },
  (t) => [
    index('videos_queue').on(t.state, t.priority, t.id),
    index('videos_owner').on(t.ownerAccountId, t.id),
    index('videos_visibility').on(t.visibility, t.state, t.id),
  ],
);

/** One WebVTT file a language. `version` is part of its name, so that caches never show an older one. */
export const videoSubtitles = sqliteTable(
  'video_subtitles',
  {
    videoId: text('video_id')
      .notNull()
      .references(() => videos.id, { onDelete: 'cascade' }),
    language: text({ enum: ['zh-CN', 'en'] }).notNull(),
    version: integer().notNull(),
    cues: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.videoId, t.language] })],
);
