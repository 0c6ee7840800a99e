DROP TABLE `attendance_evidence`;--> statement-breakpoint
DROP TABLE `indicator_targets`;--> statement-breakpoint
DROP TABLE `survey_evidence`;