//! A panic ends the module, as it does with std; there is nobody to print its message to.

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
