//! The scripts, each with what it shares with others in front.

use deadpool_redis::redis::Script;

/// Every script.
pub(crate) struct Scripts {
    pub(crate) create_signup: Script,
    pub(crate) load_signup: Script,
    pub(crate) set_workspace: Script,
    pub(crate) issue_code: Script,
    pub(crate) withdraw_code: Script,
    pub(crate) try_code: Script,
    pub(crate) release_signup: Script,
    pub(crate) fail_signup: Script,
    pub(crate) finish_signup: Script,
    pub(crate) touch_session: Script,
    pub(crate) put_session: Script,
    pub(crate) fence_person: Script,
    pub(crate) lift_fence: Script,
    pub(crate) raise_epoch: Script,
    pub(crate) count_activity: Script,
    pub(crate) look_at_activities: Script,
    pub(crate) claim_unflushed: Script,
    pub(crate) settle_flushed: Script,
    pub(crate) take_limits: Script,
    pub(crate) look_at_limits: Script,
    pub(crate) give_limits_back: Script,
    pub(crate) try_commands: Script,
}

macro_rules! script {
    ($($file:literal),+) => {
        Script::new(concat!(include_str!("scripts/numbers.lua"), $(include_str!($file)),+))
    };
}

impl Scripts {
    pub(crate) fn new() -> Self {
        Self {
            create_signup: script!("scripts/create_signup.lua"),
            load_signup: script!("scripts/signups.lua", "scripts/load_signup.lua"),
            set_workspace: script!("scripts/signups.lua", "scripts/set_workspace.lua"),
            issue_code: script!("scripts/signups.lua", "scripts/issue_code.lua"),
            withdraw_code: script!("scripts/signups.lua", "scripts/withdraw_code.lua"),
            try_code: script!("scripts/signups.lua", "scripts/try_code.lua"),
            release_signup: script!("scripts/signups.lua", "scripts/release_signup.lua"),
            fail_signup: script!("scripts/signups.lua", "scripts/fail_signup.lua"),
            finish_signup: script!("scripts/finish_signup.lua"),
            touch_session: script!(
                "scripts/limits.lua",
                "scripts/activity.lua",
                "scripts/sessions.lua",
                "scripts/touch_session.lua"
            ),
            put_session: script!(
                "scripts/activity.lua",
                "scripts/sessions.lua",
                "scripts/put_session.lua"
            ),
            fence_person: script!("scripts/sessions.lua", "scripts/fence_person.lua"),
            lift_fence: script!("scripts/sessions.lua", "scripts/lift_fence.lua"),
            raise_epoch: script!("scripts/raise_epoch.lua"),
            count_activity: script!("scripts/activity.lua", "scripts/count_activity.lua"),
            look_at_activities: script!("scripts/activity.lua", "scripts/look_at_activities.lua"),
            claim_unflushed: script!("scripts/activity.lua", "scripts/claim_unflushed.lua"),
            settle_flushed: script!("scripts/settle_flushed.lua"),
            take_limits: script!("scripts/limits.lua", "scripts/take_limits.lua"),
            look_at_limits: script!("scripts/limits.lua", "scripts/look_at_limits.lua"),
            give_limits_back: script!("scripts/limits.lua", "scripts/give_limits_back.lua"),
            try_commands: script!("scripts/try_commands.lua"),
        }
    }

    /// All of them, to load them into a server at once.
    pub(crate) const fn all(&self) -> [&Script; 22] {
        [
            &self.create_signup,
            &self.load_signup,
            &self.set_workspace,
            &self.issue_code,
            &self.withdraw_code,
            &self.try_code,
            &self.release_signup,
            &self.fail_signup,
            &self.finish_signup,
            &self.touch_session,
            &self.put_session,
            &self.fence_person,
            &self.lift_fence,
            &self.raise_epoch,
            &self.count_activity,
            &self.look_at_activities,
            &self.claim_unflushed,
            &self.settle_flushed,
            &self.take_limits,
            &self.look_at_limits,
            &self.give_limits_back,
            &self.try_commands,
        ]
    }
}
