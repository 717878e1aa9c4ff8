//! Asking how strong a password is.

use std::sync::Arc;

use kogents_domain::auth::{HashError, MockPasswordStrength, NewPassword};
use kogents_usecases::auth::AssessPassword;

use crate::support::PASSWORD;

#[tokio::test]
async fn the_meter_is_asked_about_the_password_among_the_words_given() {
    for answer in [Ok(true), Ok(false), Err(HashError::Busy)] {
        let mut strength = MockPasswordStrength::new();
        let given = answer.clone();
        strength
            .expect_is_strong()
            .withf(|password, context| {
                password.secret().expose() == PASSWORD && *context == ["Ada".to_owned()]
            })
            .times(1)
            .return_once(move |_, _| given);
        let assess = AssessPassword {
            strength: Arc::new(strength),
        };

        let password = NewPassword::parse(PASSWORD).unwrap();
        assert_eq!(assess.run(&password, vec!["Ada".to_owned()]).await, answer);
    }
}
