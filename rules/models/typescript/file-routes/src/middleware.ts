export function onRequest(context, next) {
  return next();
}
