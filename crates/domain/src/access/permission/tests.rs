//! Tests of the built-in permissions.

use std::collections::BTreeSet;

use super::*;
use crate::access::Category;

/// Names and ids that roles and other services hold: lines may be added, never changed.
const PUBLISHED: &str = "\
workspace:read 00000000-0000-7000-8000-000000000101
workspace:create 00000000-0000-7000-8000-000000000102
workspace:edit 00000000-0000-7000-8000-000000000103
workspace:delete 00000000-0000-7000-8000-000000000104
users:read 00000000-0000-7000-8000-000000000201
users:create 00000000-0000-7000-8000-000000000202
users:edit 00000000-0000-7000-8000-000000000203
users:delete 00000000-0000-7000-8000-000000000204
roles:read 00000000-0000-7000-8000-000000000301
roles:create 00000000-0000-7000-8000-000000000302
roles:edit 00000000-0000-7000-8000-000000000303
roles:delete 00000000-0000-7000-8000-000000000304
permissions:read 00000000-0000-7000-8000-000000000401
permissions:create 00000000-0000-7000-8000-000000000402
permissions:edit 00000000-0000-7000-8000-000000000403
permissions:delete 00000000-0000-7000-8000-000000000404
invitations:read 00000000-0000-7000-8000-000000000501
invitations:create 00000000-0000-7000-8000-000000000502
invitations:edit 00000000-0000-7000-8000-000000000503
invitations:delete 00000000-0000-7000-8000-000000000504
sessions:read 00000000-0000-7000-8000-000000000601
sessions:create 00000000-0000-7000-8000-000000000602
sessions:edit 00000000-0000-7000-8000-000000000603
sessions:delete 00000000-0000-7000-8000-000000000604
analytics:read 00000000-0000-7000-8000-000000000701
analytics:create 00000000-0000-7000-8000-000000000702
analytics:edit 00000000-0000-7000-8000-000000000703
analytics:delete 00000000-0000-7000-8000-000000000704
audit:read 00000000-0000-7000-8000-000000000801
audit:create 00000000-0000-7000-8000-000000000802
audit:edit 00000000-0000-7000-8000-000000000803
audit:delete 00000000-0000-7000-8000-000000000804
chat:read 00000000-0000-7000-8000-000000000901
chat:create 00000000-0000-7000-8000-000000000902
chat:edit 00000000-0000-7000-8000-000000000903
chat:delete 00000000-0000-7000-8000-000000000904
departments:read 00000000-0000-7000-8000-000000000a01
departments:create 00000000-0000-7000-8000-000000000a02
departments:edit 00000000-0000-7000-8000-000000000a03
departments:delete 00000000-0000-7000-8000-000000000a04
tags:read 00000000-0000-7000-8000-000000000b01
tags:create 00000000-0000-7000-8000-000000000b02
tags:edit 00000000-0000-7000-8000-000000000b03
tags:delete 00000000-0000-7000-8000-000000000b04
triggers:read 00000000-0000-7000-8000-000000000c01
triggers:create 00000000-0000-7000-8000-000000000c02
triggers:edit 00000000-0000-7000-8000-000000000c03
triggers:delete 00000000-0000-7000-8000-000000000c04
widget:read 00000000-0000-7000-8000-000000000d01
widget:create 00000000-0000-7000-8000-000000000d02
widget:edit 00000000-0000-7000-8000-000000000d03
widget:delete 00000000-0000-7000-8000-000000000d04
canned-responses:read 00000000-0000-7000-8000-000000000e01
canned-responses:create 00000000-0000-7000-8000-000000000e02
canned-responses:edit 00000000-0000-7000-8000-000000000e03
canned-responses:delete 00000000-0000-7000-8000-000000000e04
";

#[test]
fn names_and_ids_are_the_published_ones() {
    let all: String = BuiltInPermission::all()
        .into_iter()
        .map(|permission| format!("{} {}\n", permission.name().as_str(), permission.id()))
        .collect();
    assert_eq!(all, PUBLISHED);
}

#[test]
fn every_action_on_every_resource_is_one_permission() {
    let all = BuiltInPermission::all();
    assert_eq!(all.len(), Resource::ALL.len() * Action::ALL.len());
    for resource in Resource::ALL {
        for action in Action::ALL {
            assert!(all.contains(&BuiltInPermission { resource, action }));
        }
    }
    let ids: BTreeSet<_> = all.iter().map(|permission| permission.id()).collect();
    assert_eq!(ids.len(), all.len());
    let names: BTreeSet<_> = all.iter().map(|permission| permission.name()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn names_and_ids_are_what_their_parsers_take() {
    for permission in BuiltInPermission::all() {
        let name = permission.name();
        assert_eq!(PermissionName::parse(name.as_str()), Ok(name));
        let id = permission.id();
        assert_eq!(PermissionId::parse(&id.to_string()), Ok(id));
    }
}

#[test]
fn each_is_described_by_a_sentence_of_its_own() {
    let mut sentences = BTreeSet::new();
    for permission in BuiltInPermission::all() {
        let sentence = permission.description();
        assert!(sentence.ends_with('.'), "{sentence}");
        assert!(sentence.starts_with(char::is_uppercase), "{sentence}");
        assert!(sentence.len() <= 200, "{sentence}");
        assert!(sentences.insert(sentence), "{sentence} is told twice");
    }
}

#[test]
fn every_category_has_permissions() {
    for category in Category::ALL {
        let used = Resource::ALL.map(Resource::category).contains(&category);
        assert!(used, "{category:?}");
    }
}

#[test]
fn people_see_name_description_and_category() {
    let built_in = BuiltInPermission {
        resource: Resource::CannedResponses,
        action: Action::Edit,
    };
    let seen = Permission::from(built_in);
    assert_eq!(seen.id, built_in.id());
    assert_eq!(seen.name.as_str(), "canned-responses:edit");
    assert_eq!(seen.description, "Change canned responses.");
    assert_eq!(seen.category, "chat");
}
