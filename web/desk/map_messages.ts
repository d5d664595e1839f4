// Words of the place on the map.
import { catalogue, translator } from '@shared/i18n';

export const mapMessages = catalogue({
  place: '报警地点', map: '地图：方向键移动，加减号缩放，回车把事故点移到十字处', point: '事故地点', zoomIn: '放大', zoomOut: '缩小', none: '没有定位', accuracy: '±{m} 米', byHand: '人工标定', noCounty: '不在辖区内', hospital: '最近医院 {name} {far}', example: '示例', copy: '复制坐标', copied: '坐标已复制',
  centre: '移到十字处', save: '保存地点', undo: '撤销', saved: '地点已更正', loading: '正在载入地图…', failed: '地图没有载入',
}, {
  place: 'Place as reported', map: 'Map: arrows move, plus and minus zoom, Enter moves the point to the crosshair', point: 'Place of the accident', zoomIn: 'Zoom in', zoomOut: 'Zoom out', none: 'no position', accuracy: '±{m} m', byHand: 'set by hand', noCounty: 'in no county of ours', hospital: 'Nearest hospital {name} {far}', example: 'example', copy: 'Copy coordinates', copied: 'Coordinates copied',
  centre: 'Move to crosshair', save: 'Save the place', undo: 'Undo', saved: 'The place is corrected', loading: 'Loading the map…', failed: 'The map could not be loaded',
});
export const tm = translator(mapMessages);
