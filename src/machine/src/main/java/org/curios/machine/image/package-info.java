/**
 * Images as they are loaded, and what boot loaders do: kernels, device trees, initial RAM disks,
 * boot tags.
 */
package org.curios.machine.image;
