/* One trampoline for each function (System V calling convention, x86-64). The first call looks the
   function up, with every register that may carry an argument kept; later ones only jump. */
    .section .note.GNU-stack,"",%progbits
    .text

late_resolve:                       /* %r10: the function's name, %r11: where to keep its address */
    pushq %rbp
    movq %rsp, %rbp
    andq $-16, %rsp
    subq $192, %rsp
    movq %rdi, 0(%rsp)
    movq %rsi, 8(%rsp)
    movq %rdx, 16(%rsp)
    movq %rcx, 24(%rsp)
    movq %r8, 32(%rsp)
    movq %r9, 40(%rsp)
    movq %rax, 48(%rsp)
    movq %r11, 56(%rsp)
    movups %xmm0, 64(%rsp)
    movups %xmm1, 80(%rsp)
    movups %xmm2, 96(%rsp)
    movups %xmm3, 112(%rsp)
    movups %xmm4, 128(%rsp)
    movups %xmm5, 144(%rsp)
    movups %xmm6, 160(%rsp)
    movups %xmm7, 176(%rsp)
    leaq late_soname(%rip), %rdi
    movq %r10, %rsi
    call gatehouse_late_function@PLT
    movq 56(%rsp), %r11
    movq %rax, (%r11)
    movq %rax, %r11
    movq 0(%rsp), %rdi
    movq 8(%rsp), %rsi
    movq 16(%rsp), %rdx
    movq 24(%rsp), %rcx
    movq 32(%rsp), %r8
    movq 40(%rsp), %r9
    movq 48(%rsp), %rax
    movups 64(%rsp), %xmm0
    movups 80(%rsp), %xmm1
    movups 96(%rsp), %xmm2
    movups 112(%rsp), %xmm3
    movups 128(%rsp), %xmm4
    movups 144(%rsp), %xmm5
    movups 160(%rsp), %xmm6
    movups 176(%rsp), %xmm7
    movq %rbp, %rsp
    popq %rbp
    jmp *%r11

    .section .rodata
late_soname:
    .asciz SONAME

    .macro LATE function
    .text
    .globl \function
    .hidden \function
    .type \function, @function
\function:
    movq late_at_\function(%rip), %r11
    testq %r11, %r11
    je 1f
    jmp *%r11
1:  leaq late_at_\function(%rip), %r11
    leaq late_name_\function(%rip), %r10
    jmp late_resolve
    .size \function, . - \function
    .section .rodata
late_name_\function:
    .asciz "\function"
    .bss
    .balign 8
late_at_\function:
    .quad 0
    .endm
