//! Measured on the built-in themes: whether they can be read, and told apart.

use anstyle_lossy::palette::VGA;
use palette::color_difference::{Ciede2000, Wcag21RelativeContrast};
use palette::convert::IntoColorUnclamped;
use palette::{Lab, LinSrgb, Srgb};
use ratatui::style::Color;

use super::colour::{Colour, Depth};
use super::{Role, Theme};
use crate::config::Config;

/// What is drawn large, besides being written small at times.
const PHASES: [Role; 4] = [Role::Forward, Role::Hold, Role::Back, Role::Between];

/// What a screen makes of a colour. For the sixteen these are the shades of the Linux console; other terminals have
/// others.
fn shade(colour: Colour, depth: Depth) -> Srgb<f32> {
    let index = |index: u8| anstyle_lossy::xterm_to_rgb(anstyle::Ansi256Color(index), VGA);
    let rgb = match colour.at(depth) {
        Color::Rgb(red, green, blue) => anstyle::RgbColor(red, green, blue),
        Color::Indexed(known) => index(known),
        named => index((0..16).find(|known| Colour::Named(*known).at(depth) == named).expect("one of the sixteen")),
    };
    Srgb::new(rgb.r(), rgb.g(), rgb.b()).into_format()
}

fn contrast(theme: &Theme, colour: Colour, depth: Depth) -> f32 {
    shade(colour, depth).relative_contrast(shade(theme.background, depth))
}

/// How a colour looks to somebody without one of the three kinds of cones: a linear map of linear RGB, from
/// G. Machado, M. Oliveira, L. Fernandes: A physiologically-based model for simulation of color vision deficiency,
/// IEEE TVCG 15 (2009), severity 1.0.
fn seen(colour: Srgb<f32>, deficiency: [[f32; 3]; 3]) -> Lab {
    let light: LinSrgb<f32> = colour.into_linear();
    let mixed = deficiency.map(|row| row[0] * light.red + row[1] * light.green + row[2] * light.blue);
    let [red, green, blue] = mixed.map(|part| part.clamp(0.0, 1.0));
    LinSrgb::new(red, green, blue).into_color_unclamped()
}

const ALL_CONES: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const PROTANOPIA: [[f32; 3]; 3] =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTERANOPIA: [[f32; 3]; 3] =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
const TRITANOPIA: [[f32; 3]; 3] =
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]];

/// The two of `roles` that are nearest to each other, by CIEDE2000, for eyes with `cones`.
fn nearest(theme: &Theme, roles: &[Role], depth: Depth, cones: [[f32; 3]; 3]) -> (f32, Role, Role) {
    let colours: Vec<(Role, Lab)> =
        roles.iter().map(|role| (*role, seen(shade(theme.role(*role), depth), cones))).collect();
    let pairs =
        colours.iter().enumerate().flat_map(|(index, one)| colours[..index].iter().map(move |other| (one, other)));
    pairs
        .map(|(one, other)| (one.1.difference(other.1), one.0, other.0))
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .expect("two roles at least")
}

#[test]
fn a_stand_in_stands_for_its_own_role() {
    for role in Role::ALL {
        assert_eq!(Role::of(role.stand_in()), Some(role));
    }
    assert_eq!(Role::of(Color::Reset), None);
    assert_eq!(Role::of(Color::Indexed(Role::ALL.len() as u8)), None);
}

#[test]
fn everything_can_be_read_on_the_background_of_its_theme() {
    for (name, theme) in &Config::built_in().themes {
        for depth in [Depth::True, Depth::Indexed, Depth::Sixteen] {
            let least: f32 = if name == "high-contrast" { 7.0 } else { 4.5 };
            let ratio = contrast(theme, theme.text, depth);
            assert!(ratio >= least.max(7.0), "{name}, {depth:?}: text {ratio:.1}");
            for role in Role::ALL {
                // With sixteen colours the phases, which are drawn large, take what there is.
                let least = match role {
                    Role::Faint if depth == Depth::Sixteen => 2.5,
                    Role::Faint => 3.0,
                    role if depth == Depth::Sixteen && PHASES.contains(&role) => 3.0,
                    _ => least,
                };
                let ratio = contrast(theme, theme.role(role), depth);
                assert!(ratio >= least, "{name}, {depth:?}: {role:?} {ratio:.1}");
            }
        }
    }
}

#[test]
fn phases_and_warnings_are_told_apart_by_whoever_sees_all_colours() {
    let mut roles = PHASES.to_vec();
    roles.push(Role::Warning);
    for (name, theme) in &Config::built_in().themes {
        for depth in [Depth::True, Depth::Indexed] {
            let (apart, one, other) = nearest(theme, &roles, depth, ALL_CONES);
            assert!(apart >= 15.0, "{name}, {depth:?}: {one:?} and {other:?} {apart:.1}");
        }
    }
}

#[test]
fn the_theme_for_colour_blindness_is_told_apart_with_any_two_kinds_of_cones() {
    let mut roles = PHASES.to_vec();
    roles.push(Role::Warning);
    let theme = &Config::built_in().themes["colour-blind"];
    for (eyes, cones) in [("protan", PROTANOPIA), ("deutan", DEUTERANOPIA), ("tritan", TRITANOPIA)] {
        for depth in [Depth::True, Depth::Indexed] {
            let (apart, one, other) = nearest(theme, &roles, depth, cones);
            assert!(apart >= 15.0, "{eyes}, {depth:?}: {one:?} and {other:?} {apart:.1}");
        }
    }
}

#[test]
fn the_default_theme_would_not_do_for_colour_blindness() {
    // So the measure above measures something, and the other theme is needed.
    let theme = &Config::built_in().themes["dark"];
    let (apart, ..) = nearest(theme, &PHASES, Depth::True, TRITANOPIA);
    assert!(apart < 15.0, "{apart:.1}");
}
