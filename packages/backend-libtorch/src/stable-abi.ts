/** libtorch's stable C interface (`torch/csrc/stable/c/shim.h`, `torch/csrc/inductor/aoti_torch/c/shim.h`). */
import koffi, { type LibraryHandle } from 'koffi'
import { LibtorchError } from './libtorch-error.ts'
import { platformLibraries } from './platform-libraries.ts'

/** An owned reference to a torch tensor: a pointer. */
export type Handle = bigint
/** A status: 0 for success. */
type Status = number
type Address = bigint

/** torch's data types that are used here. */
export type DataTypeName =
  | 'float32'
  | 'float64'
  | 'bfloat16'
  | 'int32'
  | 'int64'
  | 'bool'
  | 'uint8'
  | 'complex64'

/** The C functions this package calls. `result` parameters point to 64 bits that receive a handle. */
export interface StableAbi {
  /** Packed version of the loaded library, to be handed to `callDispatcher`. */
  readonly version: bigint
  readonly dataTypes: Readonly<Record<DataTypeName, number>>
  readonly deviceTypes: { readonly cpu: number; readonly cuda: number; readonly mps: number }
  readonly channelsLast: number
  readonly contiguous: number
  callDispatcher(operator: Address, overload: Address, stack: Address, version: bigint): Status
  newTensorHandle(tensor: Handle, result: Address): Status
  deleteTensor(tensor: Handle): Status
  newList(size: number, result: Address): Status
  pushInteger(list: bigint, value: number): Status
  pushHandle(list: bigint, value: bigint): Status
  /** Writes the 64-bit length. */
  listSize(list: bigint, result: Address): Status
  /** Writes an item as the stack holds it; a tensor's reference passes to the caller. */
  listItem(list: bigint, index: number, result: Address): Status
  /** Deletes the list, not what its items refer to. */
  deleteList(list: bigint): Status
  newString(text: string, length: number, result: Address): Status
  /** Allocates the 64-bit cell in which an optional argument travels. */
  newCell(value: bigint): bigint
  /** Wraps memory that the caller keeps alive while the tensor lives. */
  fromBlob(
    data: ArrayBufferView,
    rank: number,
    sizes: BigInt64Array,
    strides: BigInt64Array,
    offset: number,
    dataType: number,
    deviceType: number,
    deviceIndex: number,
    result: Address,
  ): Status
  /** Writes one byte: whether the memory is row-major. */
  isContiguous(tensor: Handle, result: Address): Status
  copy(destination: Handle, source: Handle, nonBlocking: number): Status
  /** Writes the address of the first element. */
  dataAddress(tensor: Handle, result: Address): Status
  /** Writes the tensor's data type, 32 bits. */
  dataType(tensor: Handle, result: Address): Status
  /** `a - alpha · b` */
  subtract(a: Handle, b: Handle, alpha: number, result: Address): Status
  /** Text of the last exception of this thread; undefined where the library cannot tell (before 2.13). */
  lastError(): string | undefined
  setGradMode(enabled: boolean): void
}

/** Finds the functions in a loaded library. @throws LibtorchError when one is missing */
export function bindStableAbi(library: LibraryHandle): StableAbi {
  const bind = <F>(declaration: string): F => {
    try {
      return library.func(declaration) as unknown as F
    } catch (cause) {
      throw new LibtorchError(`This libtorch lacks ${declaration}. Use PyTorch 2.10 or newer.`, { cause })
    }
  }
  const optional = <F>(declaration: string): F | undefined => {
    try {
      return library.func(declaration) as unknown as F
    } catch {
      return undefined
    }
  }
  const constant = (name: string): number => bind<() => number>(`int32_t ${name}()`)()
  return {
    version: BigInt(bind<() => bigint>('uint64_t aoti_torch_abi_version()')()),
    dataTypes: {
      float32: constant('aoti_torch_dtype_float32'),
      float64: constant('aoti_torch_dtype_float64'),
      bfloat16: constant('aoti_torch_dtype_bfloat16'),
      int32: constant('aoti_torch_dtype_int32'),
      int64: constant('aoti_torch_dtype_int64'),
      bool: constant('aoti_torch_dtype_bool'),
      uint8: constant('aoti_torch_dtype_uint8'),
      complex64: constant('aoti_torch_dtype_complex64'),
    },
    deviceTypes: {
      cpu: constant('aoti_torch_device_type_cpu'),
      cuda: constant('aoti_torch_device_type_cuda'),
      mps: constant('aoti_torch_device_type_mps'),
    },
    channelsLast: constant('aoti_torch_memory_format_channels_last'),
    contiguous: constant('aoti_torch_memory_format_contiguous_format'),
    callDispatcher: bind(
      'int32_t torch_call_dispatcher(uint64_t op, uint64_t overload, uint64_t stack, uint64_t version)',
    ),
    newTensorHandle: bind('int32_t aoti_torch_new_tensor_handle(uint64_t tensor, uint64_t result)'),
    deleteTensor: bind('int32_t aoti_torch_delete_tensor_object(uint64_t tensor)'),
    newList: bind('int32_t torch_new_list_reserve_size(size_t size, uint64_t result)'),
    pushInteger: bind('int32_t torch_list_push_back(uint64_t list, int64_t value)'),
    pushHandle: bind('int32_t torch_list_push_back(uint64_t list, uint64_t value)'),
    listSize: bind('int32_t torch_list_size(uint64_t list, uint64_t result)'),
    listItem: bind('int32_t torch_list_get_item(uint64_t list, size_t index, uint64_t result)'),
    deleteList: bind('int32_t torch_delete_list(uint64_t list)'),
    newString: bind('int32_t torch_new_string_handle(const char* text, size_t length, uint64_t result)'),
    newCell: cellAllocator(
      optional<(result: BigUint64Array) => Status>('int32_t torch_new_stable_ivalue(void* result)'),
    ),
    fromBlob: bind(
      'int32_t aoti_torch_create_tensor_from_blob(void* data, int64_t rank, void* sizes, void* strides, int64_t offset, int32_t dtype, int32_t device, int32_t index, uint64_t result)',
    ),
    isContiguous: bind('int32_t aoti_torch_is_contiguous(uint64_t tensor, uint64_t result)'),
    copy: bind('int32_t aoti_torch_copy_(uint64_t destination, uint64_t source, int32_t nonBlocking)'),
    dataAddress: bind('int32_t aoti_torch_get_data_ptr(uint64_t tensor, uint64_t result)'),
    dataType: bind('int32_t aoti_torch_get_dtype(uint64_t tensor, uint64_t result)'),
    subtract: bind(
      'int32_t aoti_torch_aten_subtract_Tensor(uint64_t a, uint64_t b, double alpha, uint64_t result)',
    ),
    lastError:
      optional<() => string>('const char* torch_exception_get_what_without_backtrace()') ?? (() => undefined),
    setGradMode: bind('void aoti_torch_grad_mode_set_enabled(bool enabled)'),
  }
}

/** libtorch releases the cells itself: with its own function since 2.13, with `delete` (that is `free`) before. */
function cellAllocator(
  newStableValue: ((result: BigUint64Array) => Status) | undefined,
): (value: bigint) => bigint {
  const slot = new BigUint64Array(1)
  if (newStableValue !== undefined) {
    return (value) => {
      newStableValue(slot)
      const cell = slot[0]!
      koffi.encode(cell, 'uint64_t', value)
      return cell
    }
  }
  const malloc = koffi.load(platformLibraries()!.c).func('uint64_t malloc(size_t size)')
  return (value) => {
    const cell = BigInt(malloc(8))
    koffi.encode(cell, 'uint64_t', value)
    return cell
  }
}
