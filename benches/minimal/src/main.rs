//! The smallest ratatui program that is one: a screen, drawn anew for each key, and `read()` between.

use std::io;

use crossterm::event::{self, Event, KeyCode};
use ratatui::widgets::{Block, Paragraph};

fn main() -> io::Result<()> {
    let mut terminal = ratatui::init();
    let mut keys = 0;
    let ended = loop {
        let drawn = terminal.draw(|frame| {
            let text = Paragraph::new(format!("keys so far: {keys}")).block(Block::bordered());
            frame.render_widget(text, frame.area());
        });
        match drawn.and_then(|_| event::read()) {
            Ok(Event::Key(key)) if key.code == KeyCode::Char('q') => break Ok(()),
            Ok(_) => keys += 1,
            Err(error) => break Err(error),
        }
    };
    ratatui::restore();
    ended
}
