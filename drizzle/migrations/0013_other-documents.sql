ALTER TABLE `persons` ADD `document_kind` text;--> statement-breakpoint
ALTER TABLE `persons` ADD `document_sealed` text;--> statement-breakpoint
ALTER TABLE `persons` ADD `document_hash` text;--> statement-breakpoint
CREATE UNIQUE INDEX `persons_document` ON `persons` (`document_hash`);