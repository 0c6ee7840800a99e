DROP TABLE `presence_spans`;--> statement-breakpoint
DROP TABLE `recording_segments`;