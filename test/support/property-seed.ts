import fc from 'fast-check';

// A landing must not fail by what somebody else's change left unfound; every run by hand looks for more.
if (process.env.CI) {
  fc.configureGlobal({ seed: 20261121 });
}
