/** How exactly convolutions compute; sums, norms, losses, parameters and optimizer state are float32 always. */

/**
 * - `float32`: every product and sum of a convolution and matrix product in float32.
 * - `tf32`: on NVIDIA GPUs, products of convolutions and matrices with 10 bits of mantissa, summed in float32.
 * - `bf16`: convolutions compute in and return bfloat16, and batch normalisation, ReLU and pooling keep it, which halves the
 *   memory of activations; matrix products as in `tf32`. tfjs still says float32.
 */
export type Precision = 'float32' | 'tf32' | 'bf16'

export const PRECISIONS: readonly Precision[] = ['float32', 'tf32', 'bf16']
