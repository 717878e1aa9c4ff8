//! From the errors of the use cases of roles and permissions to problems.

use kogents_usecases::access::{
    ChangeRolePermissionsError, CreatePermissionError, CreateRoleError, DeletePermissionError,
    DeleteRoleError, ExplainPermissionError, ListPermissionCategoriesError, ListPermissionsError,
    ListRolePermissionsError, ListRolesError, ReadRoleError, UpdatePermissionError,
    UpdateRoleError,
};

use super::{Code, Problem};

impl From<ListRolesError> for Problem {
    fn from(error: ListRolesError) -> Self {
        match error {
            ListRolesError::Store(error) => error.into(),
        }
    }
}

impl From<ReadRoleError> for Problem {
    fn from(error: ReadRoleError) -> Self {
        match error {
            ReadRoleError::NotFound => Self::new(Code::NotFound),
            ReadRoleError::Store(error) => error.into(),
        }
    }
}

impl From<CreateRoleError> for Problem {
    fn from(error: CreateRoleError) -> Self {
        match error {
            CreateRoleError::NotFound => Self::new(Code::NotFound),
            CreateRoleError::NameTaken => Self::new(Code::RoleNameTaken),
            CreateRoleError::TooMany => Self::new(Code::QuotaExceeded),
            CreateRoleError::Store(error) => error.into(),
        }
    }
}

impl From<UpdateRoleError> for Problem {
    fn from(error: UpdateRoleError) -> Self {
        match error {
            UpdateRoleError::NotFound => Self::new(Code::NotFound),
            UpdateRoleError::SystemRole => Self::new(Code::SystemRole),
            UpdateRoleError::NameTaken => Self::new(Code::RoleNameTaken),
            UpdateRoleError::Store(error) => error.into(),
        }
    }
}

impl From<DeleteRoleError> for Problem {
    fn from(error: DeleteRoleError) -> Self {
        match error {
            DeleteRoleError::NotFound => Self::new(Code::NotFound),
            DeleteRoleError::SystemRole => Self::new(Code::SystemRole),
            DeleteRoleError::InUse => Self::new(Code::RoleInUse),
            DeleteRoleError::Store(error) => error.into(),
        }
    }
}

impl From<ListRolePermissionsError> for Problem {
    fn from(error: ListRolePermissionsError) -> Self {
        match error {
            ListRolePermissionsError::NotFound => Self::new(Code::NotFound),
            ListRolePermissionsError::Store(error) => error.into(),
        }
    }
}

impl From<ChangeRolePermissionsError> for Problem {
    fn from(error: ChangeRolePermissionsError) -> Self {
        match error {
            ChangeRolePermissionsError::NotFound => Self::new(Code::NotFound),
            ChangeRolePermissionsError::SystemRole => Self::new(Code::SystemRole),
            ChangeRolePermissionsError::CannotGrant => Self::new(Code::CannotGrant),
            ChangeRolePermissionsError::Store(error) => error.into(),
        }
    }
}

impl From<ListPermissionsError> for Problem {
    fn from(error: ListPermissionsError) -> Self {
        match error {
            ListPermissionsError::Store(error) => error.into(),
        }
    }
}

impl From<ListPermissionCategoriesError> for Problem {
    fn from(error: ListPermissionCategoriesError) -> Self {
        match error {
            ListPermissionCategoriesError::Store(error) => error.into(),
        }
    }
}

impl From<CreatePermissionError> for Problem {
    fn from(error: CreatePermissionError) -> Self {
        match error {
            CreatePermissionError::NotFound => Self::new(Code::NotFound),
            CreatePermissionError::NameTaken => Self::new(Code::PermissionNameTaken),
            CreatePermissionError::TooMany => Self::new(Code::QuotaExceeded),
            CreatePermissionError::Store(error) => error.into(),
        }
    }
}

impl From<UpdatePermissionError> for Problem {
    fn from(error: UpdatePermissionError) -> Self {
        match error {
            UpdatePermissionError::NotFound => Self::new(Code::NotFound),
            UpdatePermissionError::SystemPermission => Self::new(Code::SystemPermission),
            UpdatePermissionError::NameTaken => Self::new(Code::PermissionNameTaken),
            UpdatePermissionError::CannotGrant => Self::new(Code::CannotGrant),
            UpdatePermissionError::Store(error) => error.into(),
        }
    }
}

impl From<DeletePermissionError> for Problem {
    fn from(error: DeletePermissionError) -> Self {
        match error {
            DeletePermissionError::NotFound => Self::new(Code::NotFound),
            DeletePermissionError::SystemPermission => Self::new(Code::SystemPermission),
            DeletePermissionError::InUse => Self::new(Code::PermissionInUse),
            DeletePermissionError::Store(error) => error.into(),
        }
    }
}

impl From<ExplainPermissionError> for Problem {
    fn from(error: ExplainPermissionError) -> Self {
        match error {
            ExplainPermissionError::Store(error) => error.into(),
        }
    }
}
