// Says so when a passkey did not work: nothing was chosen, or the device refused.
document.addEventListener('allauth.error', (event) => {
  const notice = document.getElementById('passkey-failed')
  if (notice) { notice.hidden = false; event.preventDefault() }
})
