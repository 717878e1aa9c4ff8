// Who the journey is about. What they change about themselves is changed here too.

export const ada = {
  name: "Ada Lovelace",
  email: "ada@example.com",
  password: "SecurePassword123!",
};

export const grace = {
  name: "Grace Hopper",
  email: "grace@example.com",
  password: "nanoseconds-of-copper-wire",
};
