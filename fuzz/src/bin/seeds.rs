//! Writes the seeds of each law into `corpus/`, where the fuzzer finds them.

use std::path::Path;

fn main() -> std::io::Result<()> {
    for law in tuilio_fuzz::laws::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(law.name);
        std::fs::create_dir_all(&folder)?;
        let seeds = (law.seeds)();
        for (number, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{number:03}")), seed)?;
        }
        println!("{}: {} seeds", law.name, seeds.len());
    }
    Ok(())
}
