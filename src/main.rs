//! The `dorsi` program; everything is in the library.

fn main() -> std::process::ExitCode {
    dorsi::cli::main()
}
