//! What stories about texts begin with, by name.

use crate::desk::Desk;

impl Desk {
    /// Writes that to the mobile in reach, up to the review.
    pub fn writes(&mut self, text: &str) -> &mut Self {
        self.press(&format!("<F6>4155550100<Enter>{text}<Enter>"))
    }

    /// Writes that to the mobile in reach, reads it, and sends it.
    pub fn sends(&mut self, text: &str) -> &mut Self {
        self.writes(text).press("<Enter>")
    }

    /// Writes to the mobile in reach what is to leave at that time.
    pub fn schedules(&mut self, when: &str) -> &mut Self {
        self.writes("See you")
            .press(&format!("s{when}<Enter><Enter>"))
    }
}
