-- What a video is besides its bytes, and what its frames look like.
create table film (
  content_id  text  primary key references content (id),
  duration_ms {int},                        -- as it says itself
  codec       text  not null,               -- ffmpeg's name
  frames      {bytes} not null,             -- 37 bytes each: time in ms, quality, PDQ
  sheet       text                          -- object name: contact sheet, as it is
) {strict};

-- Of two videos: of a hundred frames of the one so many are in the other, the lesser of both ways.
alter table near add column share {int};

-- When the frame that matched is shown; null for a picture and for the same bytes.
alter table list_match add column frame_ms {int};
