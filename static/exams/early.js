// Runs before the page is drawn: says that scripts work, so that only one question is shown.
document.documentElement.classList.add('is-script');
