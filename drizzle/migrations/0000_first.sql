CREATE TABLE `broadcast_windows` (
	`broadcast_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	PRIMARY KEY(`broadcast_id`, `started_at_ms`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `broadcasts` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`visibility` text NOT NULL,
	`region_code` text NOT NULL,
	`owner_account_id` text NOT NULL,
	`created_at` text NOT NULL,
	`scheduled_for` text,
	`live_at` text,
	`interrupted_at` text,
	`ended_at` text,
	`end_reason` text,
	`recorded_ms` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `broadcasts_state` ON `broadcasts` (`state`);--> statement-breakpoint
CREATE INDEX `broadcasts_region` ON `broadcasts` (`region_code`);--> statement-breakpoint
CREATE INDEX `broadcasts_visibility` ON `broadcasts` (`visibility`,`id`);--> statement-breakpoint
CREATE TABLE `chat_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`broadcast_id` text NOT NULL,
	`seq` integer NOT NULL,
	`account_id` text NOT NULL,
	`client_id` text NOT NULL,
	`body` text NOT NULL,
	`sent_at` text NOT NULL,
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chat_messages_seq` ON `chat_messages` (`broadcast_id`,`seq`);--> statement-breakpoint
CREATE UNIQUE INDEX `chat_messages_client` ON `chat_messages` (`broadcast_id`,`account_id`,`client_id`);--> statement-breakpoint
CREATE TABLE `presence_reached` (
	`broadcast_id` text NOT NULL,
	`person_id` text NOT NULL,
	`effective_seconds` integer NOT NULL,
	`threshold_minutes` integer NOT NULL,
	`reached_at` text NOT NULL,
	PRIMARY KEY(`broadcast_id`, `person_id`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `presence_spans` (
	`id` text PRIMARY KEY NOT NULL,
	`broadcast_id` text NOT NULL,
	`person_id` text NOT NULL,
	`device_id` text NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer NOT NULL,
	`closed` integer NOT NULL,
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `presence_spans_person` ON `presence_spans` (`broadcast_id`,`person_id`);--> statement-breakpoint
CREATE TABLE `recording_inits` (
	`broadcast_id` text NOT NULL,
	`init_index` integer NOT NULL,
	`file` text NOT NULL,
	`byte_length` integer NOT NULL,
	`codecs` text NOT NULL,
	`width` integer NOT NULL,
	`height` integer NOT NULL,
	PRIMARY KEY(`broadcast_id`, `init_index`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `recording_segments` (
	`broadcast_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`discontinuity_sequence` integer NOT NULL,
	`init_index` integer NOT NULL,
	`file` text NOT NULL,
	`duration_ms` integer NOT NULL,
	`byte_length` integer NOT NULL,
	`program_date_time` text NOT NULL,
	`keyframe_aligned` integer NOT NULL,
	PRIMARY KEY(`broadcast_id`, `sequence`),
	FOREIGN KEY (`broadcast_id`) REFERENCES `broadcasts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`username` text NOT NULL,
	`display_name` text,
	`phone_hash` text,
	`password_hash` text NOT NULL,
	`status` text NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_username` ON `accounts` (`username`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_phone` ON `accounts` (`phone_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_person` ON `accounts` (`person_id`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`account_id` text NOT NULL,
	`scope` text NOT NULL,
	`broadcast_id` text,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`revoked_at` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash` ON `api_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `api_tokens_account` ON `api_tokens` (`account_id`);--> statement-breakpoint
CREATE TABLE `auth_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `auth_sessions_user` ON `auth_sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`subject` text NOT NULL,
	`notice_version` text NOT NULL,
	`method` text NOT NULL,
	`given_at` text NOT NULL,
	`recorded_by` text,
	`withdrawn_at` text,
	FOREIGN KEY (`person_id`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consents_person` ON `consents` (`person_id`);--> statement-breakpoint
CREATE TABLE `one_time_codes` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`code_hash` text NOT NULL,
	`account_id` text,
	`issued_by` text,
	`issued_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`used_at` text,
	`failed_attempts` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `one_time_codes_account` ON `one_time_codes` (`account_id`);--> statement-breakpoint
CREATE INDEX `one_time_codes_hash` ON `one_time_codes` (`code_hash`);--> statement-breakpoint
CREATE TABLE `persons` (
	`id` text PRIMARY KEY NOT NULL,
	`name_sealed` text,
	`name_hash` text,
	`phone_sealed` text,
	`phone_hash` text,
	`id_number_sealed` text,
	`id_number_hash` text,
	`home_region_code` text NOT NULL,
	`audiences` text NOT NULL,
	`verification` text NOT NULL,
	`verification_source` text,
	`verified_at` text,
	`verified_by` text,
	`created_at` text NOT NULL,
	`created_by` text,
	`erased_at` text,
	FOREIGN KEY (`home_region_code`) REFERENCES `regions`(`code`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `persons_id_number` ON `persons` (`id_number_hash`);--> statement-breakpoint
CREATE INDEX `persons_phone` ON `persons` (`phone_hash`);--> statement-breakpoint
CREATE INDEX `persons_name` ON `persons` (`name_hash`);--> statement-breakpoint
CREATE INDEX `persons_home` ON `persons` (`home_region_code`);--> statement-breakpoint
CREATE TABLE `role_grants` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`role` text NOT NULL,
	`region_code` text NOT NULL,
	`granted_at` text NOT NULL,
	`granted_by` text,
	`revoked_at` text,
	`revoked_by` text,
	FOREIGN KEY (`account_id`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `role_grants_held` ON `role_grants` (`account_id`,`role`,`region_code`) WHERE revoked_at IS NULL;--> statement-breakpoint
CREATE INDEX `role_grants_region` ON `role_grants` (`region_code`);--> statement-breakpoint
CREATE TABLE `courses` (
	`id` text PRIMARY KEY NOT NULL,
	`title` text NOT NULL,
	`summary` text NOT NULL,
	`level` text NOT NULL,
	`audiences` text NOT NULL,
	`four_step` text,
	`hours` integer NOT NULL,
	`region_code` text NOT NULL,
	`owner_account_id` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `courses_region` ON `courses` (`region_code`);--> statement-breakpoint
CREATE INDEX `courses_owner` ON `courses` (`owner_account_id`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_account_id` text,
	`action` text NOT NULL,
	`object_kind` text NOT NULL,
	`object_id` text NOT NULL,
	`region_code` text,
	`reason` text,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_log_object` ON `audit_log` (`object_kind`,`object_id`);--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`payload` text NOT NULL,
	`recorded_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox_cursors` (
	`consumer` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox_parked` (
	`consumer` text NOT NULL,
	`seq` integer NOT NULL,
	`error` text NOT NULL,
	`parked_at` text NOT NULL,
	`resolved_at` text,
	PRIMARY KEY(`consumer`, `seq`),
	FOREIGN KEY (`seq`) REFERENCES `outbox`(`seq`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `attendance_evidence` (
	`attendance_id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`method` text NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`voided_at` text
);
--> statement-breakpoint
CREATE INDEX `attendance_evidence_run` ON `attendance_evidence` (`run_id`);--> statement-breakpoint
CREATE INDEX `attendance_evidence_person` ON `attendance_evidence` (`person_id`);--> statement-breakpoint
CREATE TABLE `evidence_progress` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`fact_recorded_at` text NOT NULL,
	`applied_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `indicator_targets` (
	`programme_id` text NOT NULL,
	`indicator_code` text NOT NULL,
	`scope` text NOT NULL,
	`value` real,
	`value_by_county` text,
	`operator` text NOT NULL,
	`clause` text NOT NULL,
	`note` text,
	`due_on` text NOT NULL,
	PRIMARY KEY(`programme_id`, `indicator_code`),
	FOREIGN KEY (`programme_id`) REFERENCES `programmes`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `programme_regions` (
	`programme_id` text NOT NULL,
	`region_code` text NOT NULL,
	PRIMARY KEY(`programme_id`, `region_code`),
	FOREIGN KEY (`programme_id`) REFERENCES `programmes`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `programmes` (
	`id` text PRIMARY KEY NOT NULL,
	`catalogue_id` text NOT NULL,
	`name` text NOT NULL,
	`document` text NOT NULL,
	`starts_on` text NOT NULL,
	`ends_on` text NOT NULL,
	`stages` text NOT NULL,
	`created_at` text NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `run_evidence` (
	`run_id` text PRIMARY KEY NOT NULL,
	`region_code` text NOT NULL,
	`level` text NOT NULL,
	`required_sessions` integer NOT NULL,
	`programme_ids` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `run_evidence_region` ON `run_evidence` (`region_code`);--> statement-breakpoint
CREATE TABLE `run_evidence_versions` (
	`run_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `survey_evidence` (
	`answer_id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`overall` integer NOT NULL,
	`method` text NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`voided_at` text
);
--> statement-breakpoint
CREATE INDEX `survey_evidence_run` ON `survey_evidence` (`run_id`);--> statement-breakpoint
CREATE TABLE `verification_evidence` (
	`person_id` text PRIMARY KEY NOT NULL,
	`verified_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `regions` (
	`code` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`level` text NOT NULL,
	`parent_code` text,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `regions_parent` ON `regions` (`parent_code`);--> statement-breakpoint
CREATE TABLE `attendance_refusals` (
	`session_id` text NOT NULL,
	`person_id` text NOT NULL,
	`reason` text NOT NULL,
	`conflicting_attendance_id` text NOT NULL,
	`effective_seconds` integer NOT NULL,
	`occurred_at` text DEFAULT '' NOT NULL,
	`refused_at` text NOT NULL,
	PRIMARY KEY(`session_id`, `person_id`),
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `attendances` (
	`id` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`method` text NOT NULL,
	`effective_seconds` integer NOT NULL,
	`threshold_minutes` integer NOT NULL,
	`rule` text NOT NULL,
	`rule_version` integer NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`voided_at` text,
	`voided_by` text,
	`void_reason` text,
	FOREIGN KEY (`session_id`) REFERENCES `training_sessions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attendances_standing` ON `attendances` (`session_id`,`person_id`) WHERE voided_at IS NULL;--> statement-breakpoint
CREATE INDEX `attendances_run` ON `attendances` (`run_id`,`person_id`);--> statement-breakpoint
CREATE INDEX `attendances_person` ON `attendances` (`person_id`);--> statement-breakpoint
CREATE TABLE `enrolments` (
	`id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`method` text NOT NULL,
	`recorded_by` text NOT NULL,
	`assisted_reason` text,
	`enrolled_at` text NOT NULL,
	`cancelled_at` text,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `enrolments_active` ON `enrolments` (`run_id`,`person_id`) WHERE cancelled_at IS NULL;--> statement-breakpoint
CREATE INDEX `enrolments_person` ON `enrolments` (`person_id`);--> statement-breakpoint
CREATE TABLE `run_programmes` (
	`run_id` text NOT NULL,
	`programme_id` text NOT NULL,
	`fit` text NOT NULL,
	PRIMARY KEY(`run_id`, `programme_id`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`title` text NOT NULL,
	`region_code` text NOT NULL,
	`trainer_account_id` text NOT NULL,
	`level` text NOT NULL,
	`form` text NOT NULL,
	`audiences` text NOT NULL,
	`hours` integer NOT NULL,
	`capacity` integer NOT NULL,
	`state` text NOT NULL,
	`required_sessions` integer NOT NULL,
	`created_at` text NOT NULL,
	`opened_at` text,
	`closed_at` text
);
--> statement-breakpoint
CREATE INDEX `runs_region` ON `runs` (`region_code`);--> statement-breakpoint
CREATE INDEX `runs_course` ON `runs` (`course_id`);--> statement-breakpoint
CREATE INDEX `runs_trainer` ON `runs` (`trainer_account_id`);--> statement-breakpoint
CREATE TABLE `survey_answers` (
	`id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`person_id` text NOT NULL,
	`overall` integer NOT NULL,
	`items` text NOT NULL,
	`comment_sealed` text,
	`method` text NOT NULL,
	`survey_version` integer NOT NULL,
	`occurred_at` text NOT NULL,
	`recorded_at` text NOT NULL,
	`recorded_by` text NOT NULL,
	`voided_at` text,
	`voided_by` text,
	`void_reason` text,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `survey_answers_standing` ON `survey_answers` (`run_id`,`person_id`) WHERE voided_at IS NULL;--> statement-breakpoint
CREATE TABLE `training_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`title` text NOT NULL,
	`starts_at` text NOT NULL,
	`ends_at` text NOT NULL,
	`place` text,
	`broadcast_id` text,
	`threshold_minutes` integer NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `training_sessions_ordinal` ON `training_sessions` (`run_id`,`ordinal`);--> statement-breakpoint
CREATE UNIQUE INDEX `training_sessions_broadcast` ON `training_sessions` (`broadcast_id`);