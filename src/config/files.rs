//! The files that are compiled in. The build script includes this list as well, to prepare what they amount to.

/// Every file of the built-in configuration, in the order in which they are laid on each other: name and text.
pub const BUILT_INS: [(&str, &str); 12] = [
    ("config.example.toml", include_str!("../../config.example.toml")),
    ("learn.toml", include_str!("../../assets/learn.toml")),
    ("release.toml", include_str!("../../assets/protocols/release.toml")),
    ("wall-lean.toml", include_str!("../../assets/protocols/wall-lean.toml")),
    ("calf-stretch.toml", include_str!("../../assets/protocols/calf-stretch.toml")),
    ("circles.toml", include_str!("../../assets/protocols/circles.toml")),
    ("heel-lifts.toml", include_str!("../../assets/protocols/heel-lifts.toml")),
    ("plantarflexion.toml", include_str!("../../assets/protocols/plantarflexion.toml")),
    ("dorsiflexion.toml", include_str!("../../assets/protocols/dorsiflexion.toml")),
    ("goblet-squat.toml", include_str!("../../assets/protocols/goblet-squat.toml")),
    ("box-squat.toml", include_str!("../../assets/protocols/box-squat.toml")),
    ("retest.toml", include_str!("../../assets/protocols/retest.toml")),
];

/// The languages beside English, the language of the files above: name, file, text.
pub const LANGUAGES: [(&str, &str, &str); 1] = [("de", "de.toml", include_str!("../../assets/languages/de.toml"))];
