// The token of a mailed link. It is for one screen alone: it stays neither in the address bar nor in
// the history.

export const mailedToken = () => {
  const token = new URLSearchParams(location.search).get("token");
  history.replaceState(null, "", location.pathname);
  return token;
};
