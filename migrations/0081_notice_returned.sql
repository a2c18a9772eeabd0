-- When a mail server said that a notice was not delivered, after the relay had taken it.
alter table notice add column returned_at_ms {int};
