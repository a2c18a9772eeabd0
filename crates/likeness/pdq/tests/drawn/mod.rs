//! Pictures drawn by code, with whole numbers only, so that they are the same pixels everywhere.

/// A drawn picture.
pub struct Drawn {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: usize,
    /// The pixels by rows.
    pub bytes: Vec<u8>,
}

/// How many pictures there are.
pub const COUNT: usize = 208;

/// Sizes that cover windows of 1 to 12 samples, odd sides, the exact 64 and 512, and very uneven sides.
const SIZES: [(usize, usize); 26] = [
    (64, 64),
    (512, 512),
    (513, 512),
    (640, 480),
    (800, 600),
    (1023, 767),
    (1280, 720),
    (333, 517),
    (100, 100),
    (128, 128),
    (129, 127),
    (7, 9),
    (5, 5),
    (63, 65),
    (64, 63),
    (17, 600),
    (900, 11),
    (256, 256),
    (1000, 31),
    (48, 1030),
    (1500, 1001),
    (511, 511),
    (320, 240),
    (240, 320),
    (77, 777),
    (512, 300),
];

/// A small generator of whole numbers (xorshift).
struct Dice(u32);

impl Dice {
    fn roll(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    fn below(&mut self, end: usize) -> i64 {
        i64::from(self.roll()) % (end.max(1) as i64)
    }
}

/// One shape with its colour.
enum Shape {
    Disc(i64, i64, i64),
    Bar(i64, i64, i64, i64),
    Stripes(i64, i64, i64),
}

impl Shape {
    fn covers(&self, x: i64, y: i64) -> bool {
        match *self {
            Shape::Disc(cx, cy, r) => (x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r,
            Shape::Bar(left, top, right, bottom) => {
                (left..right).contains(&x) && (top..bottom).contains(&y)
            }
            Shape::Stripes(a, b, period) => {
                (a * x + b * y).rem_euclid(2 * period) < period && x * 3 > y
            }
        }
    }
}

/// Picture number `number`.
pub fn draw(number: usize) -> Drawn {
    let (width, height) = SIZES[number % SIZES.len()];
    let channels = if number % 5 == 4 { 1 } else { 3 };
    let mut dice = Dice(number as u32 * 2_654_435 + 97);
    for _ in 0..8 {
        dice.roll();
    }
    let slopes: Vec<i64> = (0..6).map(|_| dice.below(511) - 255).collect();
    let shapes: Vec<(Shape, [i64; 3])> = (0..3 + number % 9)
        .map(|_| {
            let (x, y) = (dice.below(width), dice.below(height));
            let shape = match dice.below(4) {
                0 | 1 => Shape::Disc(x, y, 1 + dice.below(width.min(height) / 2)),
                2 => Shape::Bar(x, y, x + dice.below(width), y + dice.below(height)),
                _ => Shape::Stripes(1 + dice.below(5), dice.below(7) - 3, 2 + dice.below(40)),
            };
            (shape, [dice.below(256), dice.below(256), dice.below(256)])
        })
        .collect();
    let noise = dice.below(40);
    let mut bytes = Vec::with_capacity(width * height * channels);
    for y in 0..height as i64 {
        for x in 0..width as i64 {
            let (u, v) = (x * 256 / width as i64, y * 256 / height as i64);
            let top = shapes.iter().rev().find(|(shape, _)| shape.covers(x, y));
            for channel in 0..channels {
                let (a, b) = (slopes[channel], slopes[channel + 3]);
                let ground = (a * u + b * v) / 384 + 128;
                let level = top.map_or(ground, |(_, colour)| (3 * colour[channel] + ground) / 4);
                let grain = (i64::from(dice.roll() >> 8) % 41 - 20) * noise / 40;
                bytes.push((level + grain).clamp(0, 255) as u8);
            }
        }
    }
    Drawn {
        width,
        height,
        channels,
        bytes,
    }
}
