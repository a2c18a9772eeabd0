-- Screenshots that are still there, oldest first: the work of retention.
create index visit_with_screenshot on visit (ended_at_ms) where screenshot is not null;
