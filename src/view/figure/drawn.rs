//! Figures as they were drawn last. Most pictures show one that stands still, and to draw it anew would be a fifth of the
//! work.

use std::cell::RefCell;
use std::collections::VecDeque;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Color;

use super::Scene;

/// How many are kept: those that the answers to a wall test go through, and the pose of a hold.
const KEPT: usize = 8;

thread_local! {
    /// The latest first. The same scene in the same room is the same picture, so nothing can tell whether it was kept.
    static DRAWN: RefCell<VecDeque<Drawn>> = const { RefCell::new(VecDeque::new()) };
}

struct Drawn {
    scene: Scene,
    room: Size,
    dots: Vec<Dots>,
}

/// What is to be seen in one cell, by its column and row in the room.
struct Dots {
    place: (u16, u16),
    sign: char,
    colour: Color,
}

/// Puts the figure of `scene` into `area` of `buffer`; `draw` draws it there where it was not kept.
pub fn render(scene: &Scene, area: Rect, buffer: &mut Buffer, draw: impl FnOnce(&mut Buffer)) {
    let room = area.as_size();
    DRAWN.with_borrow_mut(|kept| {
        let known = kept.iter().position(|drawn| drawn.room == room && drawn.scene == *scene);
        let drawn = known.and_then(|at| kept.remove(at)).unwrap_or_else(|| {
            let mut picture = Buffer::empty(area);
            draw(&mut picture);
            Drawn { scene: scene.clone(), room, dots: dots(&picture, area) }
        });
        for Dots { place: (x, y), sign, colour } in &drawn.dots {
            buffer[(area.x + x, area.y + y)].set_char(*sign).set_fg(*colour);
        }
        kept.truncate(KEPT - 1);
        kept.push_front(drawn);
    });
}

fn dots(picture: &Buffer, area: Rect) -> Vec<Dots> {
    let seen = area.positions().filter_map(|place| {
        let cell = &picture[place];
        let sign = cell.symbol().chars().next().filter(|sign| *sign != ' ')?;
        Some(Dots { place: (place.x - area.x, place.y - area.y), sign, colour: cell.fg })
    });
    seen.collect()
}
