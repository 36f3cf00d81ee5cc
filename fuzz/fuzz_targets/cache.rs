#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| launchlint_fuzz::targets::cache(data));
