// Runs before the page is drawn: says that scripts work and how the paper is read, so that nothing jumps.
document.documentElement.classList.add('is-script');
try {
  if (localStorage.getItem('clean-window:sitting-view') === 'whole') document.documentElement.classList.add('is-whole');
} catch (error) {
  // No storage in this browser: one question at a time.
}
