// The API is on another origin, so browsers asked it beforehand about every call with a token or JSON.

export const preflights = async ({ owner, colleague }) => {
  owner.assertPreflights();
  colleague.assertPreflights();
};
